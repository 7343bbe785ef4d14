"""The process model: plausible ranges over three days, interlocks, commands, disturbances."""

import pytest

from app.plantsim.process.delivery import pump_flow, solve_head
from app.plantsim.process.motor import Motor, MotorState
from app.plantsim.process.rack import Step, viscosity
from app.plantsim.process.readings import Readings
from app.plantsim.process.signals import Delay, Lag, day_factor
from app.plantsim.process.works import WaterWorks

BANDS = {
    "LZ.RW.INT.LVL": (3.0, 6.0),
    "LZ.RW.INT.FLOW": (9500.0, 17000.0),
    "LZ.RW.INT.TURB": (2.0, 15.0),
    "LZ.RW.INT.PH": (7.4, 8.5),
    "LZ.CG.PAC.DOSE": (12.0, 25.0),
    "LZ.CG.PAC.FLOW": (800.0, 1800.0),
    "LZ.CG.FLC.SCD": (-15.0, 15.0),
    "LZ.SD.B01.TURB": (0.4, 1.5),
    "LZ.UF.FEED.PRES": (120.0, 220.0),
    "LZ.UF.FEED.TURB": (0.4, 1.5),
    "LZ.UF.R01.FLUX": (0.0, 83.0),
    "LZ.UF.R01.TMP": (0.0, 70.0),
    "LZ.UF.R01.PERM": (140.0, 230.0),
    "LZ.UF.R01.PTURB": (0.01, 0.06),
    "LZ.UF.PERM.TURB": (0.01, 0.05),
    "LZ.UF.PERM.FLOW": (9000.0, 15500.0),
    "LZ.UF.NBW": (0.0, 1.0),
    "LZ.CL.DOSE": (1.0, 1.6),
    "LZ.CW.T2.LVL": (1.6, 4.3),
    "LZ.HL.OUT.PRES": (0.36, 0.40),
    "LZ.HL.OUT.FLOW": (5500.0, 18500.0),
    "LZ.HL.OUT.CL": (0.6, 1.0),
    "LZ.HL.KWHM3": (0.11, 0.15),
    "LZ.EL.IN1.KW": (1500.0, 4500.0),
    "LZ.EL.T01.TEMP": (45.0, 80.0),
    "LZ.HL.OUT.COND": (300.0, 600.0),
    "LZ.HL.OUT.TEMP": (10.0, 20.0),
    "LZ.HL.OUT.TOC": (0.8, 2.5),
    "LZ.SL.TK1.LVL": (1.0, 3.5),
    "LZ.SL.TK1.FLOW": (300.0, 900.0),
    "LZ.SYS.PLC02.COMM": (99.0, 100.0),
    "LZ.SYS.PLC02.TIMEERR": (-100.0, 100.0),
}


@pytest.fixture(scope="module")
def three_days() -> tuple[dict[str, float], dict[str, float], list[Readings]]:
    works = WaterWorks(seed=7, hour=9.0)
    low: dict[str, float] = {}
    high: dict[str, float] = {}
    hourly = []
    for minute in range(72 * 60):
        works.advance(60.0, longest_s=15.0)
        if minute % 5 == 0:
            readings = works.readings()
            for name, value in readings.items():
                low[name] = min(low.get(name, value), value)
                high[name] = max(high.get(name, value), value)
            if minute % 60 == 0:
                hourly.append(readings)
    return low, high, hourly


@pytest.mark.parametrize("tag", BANDS)
def test_three_days_stay_in_their_band(tag: str, three_days: tuple[dict[str, float], dict[str, float], object]) -> None:
    low, high, _ = three_days
    assert BANDS[tag][0] <= low[tag] <= high[tag] <= BANDS[tag][1]


def test_night_flow_is_half_of_the_morning_peak(three_days: tuple[object, object, list[Readings]]) -> None:
    flows = [readings["LZ.HL.OUT.FLOW"] for readings in three_days[2]]
    assert min(flows) < 0.55 * max(flows)


def test_every_rack_was_washed_and_pumps_staged(three_days: tuple[object, object, list[Readings]]) -> None:
    first, last = three_days[2][0], three_days[2][-1]
    for n in range(1, 8):
        assert last[f"LZ.UF.R{n:02}.BWCNT"] - first[f"LZ.UF.R{n:02}.BWCNT"] >= 60
    running = {sum(r[f"LZ.HL.P{n:02}.ST"] == 2 for n in range(1, 7)) for r in three_days[2]}
    assert running == {2, 3, 4}


def test_the_same_seed_gives_the_same_plant() -> None:
    def run() -> Readings:
        works = WaterWorks(seed=3, hour=4.0, warm_up=False)
        works.advance(600.0)
        return works.readings()

    assert run() == run()


def test_day_factor_has_mean_one_and_wraps() -> None:
    assert sum(day_factor(h / 10) for h in range(240)) / 240 == pytest.approx(1.0, abs=1e-6)
    assert day_factor(24.0) == pytest.approx(day_factor(0.0))


def test_hydraulics_meet_the_rated_point() -> None:
    assert pump_flow(1.0, 40.0) == pytest.approx(5500.0, rel=0.01)
    head = solve_head([0.95, 0.95, 0.9], 13000.0)
    assert sum(pump_flow(r, head) for r in (0.95, 0.95, 0.9)) == pytest.approx(13000.0 * (head / 38.0) ** 0.5, rel=1e-3)
    assert solve_head([], 13000.0) == 0.0
    assert viscosity(2.0) > viscosity(20.0)


def test_lag_and_delay() -> None:
    lag, delay = Lag(0.0, 10.0), Delay(0.0, 20.0, 1.0)
    assert [delay.step(1.0, 1.0) for _ in range(19)][-1] == 0.0
    assert [delay.step(1.0, 1.0) for _ in range(3)][-1] == 1.0
    assert lag.step(1.0, 10.0) == pytest.approx(0.632, abs=1e-3)


def test_motor_starts_with_ramp_trips_and_resets() -> None:
    motor = Motor()
    motor.command(1)
    assert motor.active
    for _ in range(13):
        motor.step(0.5)
    states = [motor.state]
    motor.trip()
    motor.step(1.0)
    states.append(motor.state)
    assert 0.0 < motor.speed < 1.0
    motor.command(1)
    states.append(motor.state)
    motor.command(3)
    states.append(motor.state)
    assert states == [MotorState.RUNNING, MotorState.FAULT, MotorState.FAULT, MotorState.STOPPED]


def test_local_control_ignores_commands() -> None:
    motor = Motor(remote=False)
    motor.command(1)
    assert motor.state is MotorState.STOPPED
    works = WaterWorks(hour=10.0, warm_up=False)
    assert works.write("LZ.HL.P06.CMD", 1)
    works.advance(10.0)
    assert works.readings()["LZ.HL.P06.ST"] == 0


def test_an_operators_start_and_setpoint_are_kept() -> None:
    works = WaterWorks(hour=10.0, warm_up=False)
    works.write("LZ.HL.P05.CMD", 1)
    works.write("LZ.HL.P05.SPDSP", 250.0)
    works.advance(60.0)
    readings = works.readings()
    assert readings["LZ.HL.P05.ST"] == MotorState.RUNNING
    assert readings["LZ.HL.P05.SPDREF"] == 100.0
    works.write("LZ.HL.P05.CMD", 2)
    works.advance(10.0)
    assert works.readings()["LZ.HL.P05.ST"] == MotorState.STOPPED
    assert not works.write("LZ.HL.OUT.FLOW", 1.0)


def test_a_tripped_pump_is_replaced_and_comes_back_after_reset() -> None:
    works = WaterWorks(hour=10.0, warm_up=False)
    works.advance(60.0)
    works.trip("LZ.HL.P02", on=True)
    works.advance(60.0)
    readings = works.readings()
    assert readings["LZ.HL.P02.ST"] == MotorState.FAULT
    assert readings["LZ.HL.P02.FLT"] == 1
    assert sum(readings[f"LZ.HL.P{n:02}.ST"] == MotorState.RUNNING for n in range(1, 7)) >= 3
    works.write("LZ.HL.P02.CMD", 3)
    works.advance(1.0)
    assert works.readings()["LZ.HL.P02.ST"] == MotorState.STOPPED


def test_empty_clear_wells_trip_the_high_lift_pumps() -> None:
    works = WaterWorks(hour=10.0, warm_up=False)
    works.chlorination.level = 0.85
    works.advance(5.0)
    assert all(works.readings()[f"LZ.HL.P{n:02}.ST"] != MotorState.RUNNING for n in range(1, 7))


def test_full_clear_wells_hold_production() -> None:
    works = WaterWorks(hour=10.0, warm_up=False)
    works.chlorination.level = 4.95
    works.advance(30.0)
    assert works.readings()["LZ.UF.PERM.FLOW"] < 500.0


def test_one_rack_at_a_time_is_washed() -> None:
    works = WaterWorks(hour=10.0, warm_up=False)
    works.write("LZ.UF.R01.CMD", 3)
    works.write("LZ.UF.R02.CMD", 3)
    steps = set()
    for _ in range(150):
        works.advance(2.0)
        readings = works.readings()
        assert readings["LZ.UF.NBW"] <= 1
        steps.add(readings["LZ.UF.R01.STEP"])
    assert {Step.AIR_SCOUR, Step.BACKWASH, Step.DRAIN, Step.FORWARD_FLUSH, Step.FILTRATION} <= steps


def test_broken_fibres_show_and_fail_the_integrity_test() -> None:
    works = WaterWorks(hour=10.0, warm_up=False)
    works.fibre("LZ.UF.R03", on=True)
    works.advance(120.0)
    readings = works.readings()
    assert readings["LZ.UF.R03.PTURB"] > 0.15
    assert readings["LZ.UF.PERM.TURB"] < 0.10
    works.write("LZ.UF.R03.CMD", 4)
    works.advance(2.0)
    assert works.readings()["LZ.UF.R03.STEP"] == Step.INTEGRITY_TEST
    works.advance(40.0)
    readings = works.readings()
    assert readings["LZ.UF.R03.PDT"] >= 1.5
    assert readings["LZ.UF.R03.STEP"] == Step.OFFLINE


def test_high_turbidity_for_a_quarter_of_an_hour_starts_the_test_by_itself() -> None:
    works = WaterWorks(hour=10.0, warm_up=False)
    works.fibre("LZ.UF.R03", on=True)
    for _ in range(240):
        works.advance(10.0)
        if works.readings()["LZ.UF.R03.STEP"] == Step.OFFLINE:
            return
    pytest.fail("the rack did not go off line")


def test_a_storm_comes_and_goes() -> None:
    works = WaterWorks(hour=10.0, warm_up=False)
    works.storm(on=True)
    works.advance(600.0)
    assert works.readings()["LZ.RW.INT.TURB"] > 40.0
    works.storm(on=False)
    works.advance(900.0)
    assert works.readings()["LZ.RW.INT.TURB"] < 12.0
