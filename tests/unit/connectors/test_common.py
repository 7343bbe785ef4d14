import numpy as np
import pytest
from asyncua import ua
from hypothesis import given
from hypothesis import strategies as some

from app.model import status as st
from app.model.clock import ManualClock
from app.model.connection import Binding, Connection, ConnectionState, ConnectionStatus, Protocol_
from app.model.errors import ProjectError
from app.model.sample import SlotSample
from app.model.tag import DataType, Tag
from app.model.text import LocalText
from connectors.backoff import Backoff
from connectors.health import Health
from connectors.ledger import Ledger
from connectors.modbus.codec import encode_registers
from connectors.modbus.plan import Span
from connectors.modbus.settings import ModbusSettings
from connectors.opcua.values import encode, judge
from connectors.scaling import Scaling, ValueRefused, clamped, to_engineering, to_raw
from tests.unit.sinks import sink_into


def ledger(clock: ManualClock, out: list[SlotSample]) -> Ledger:
    return Ledger([Binding(5, Tag("A")), Binding(9, Tag("B"))], sink_into(out), clock)


def test_bad_sample_keeps_the_last_value_and_counts() -> None:
    clock, out = ManualClock(), list[SlotSample]()
    book = ledger(clock, out)
    assert book.bad_tags == 2
    book.put(0, 1.5, st.GOOD, clock.ns - 40_000_000, clock.ns)
    clock.advance(1)
    book.put(0, None, st.BAD_SENSOR_FAILURE, None, clock.ns)
    book.flush()
    assert [(slot, s.value, s.status) for slot, s in out] == [(5, 1.5, st.GOOD), (5, 1.5, st.BAD_SENSOR_FAILURE)]
    assert book.bad_tags == 2
    assert book.updates == 2
    assert book.rate() == 0.2
    clock.advance(11)
    assert book.rate() == 0


def test_the_lag_is_that_of_changes_not_the_age_of_what_stood_still() -> None:
    clock = ManualClock()
    book = ledger(clock, list[SlotSample]())
    book.put(0, 1.5, st.GOOD, clock.ns - 3_600_000_000_000, clock.ns)
    assert book.lag_ms() is None
    book.put(0, 1.6, st.GOOD, clock.ns - 40_000_000, clock.ns)
    assert book.lag_ms() == pytest.approx(40)
    book.spoil_all(st.BAD_NO_COMMUNICATION)
    book.put(0, 1.6, st.GOOD, clock.ns - 3_600_000_000_000, clock.ns)
    assert book.lag_ms() == pytest.approx(40)


def test_loss_marks_every_tag_once_at_that_moment() -> None:
    clock, out = ManualClock(), list[SlotSample]()
    book = ledger(clock, out)
    book.put(0, 1.5, st.GOOD, None, clock.ns)
    clock.advance(3)
    book.spoil_all(st.BAD_NO_COMMUNICATION)
    book.spoil_all(st.BAD_NO_COMMUNICATION)
    lost = [(slot, s.value, s.source_ns) for slot, s in out if s.status == st.BAD_NO_COMMUNICATION]
    assert lost == [(5, 1.5, clock.ns), (9, None, clock.ns)]


def test_the_age_counts_from_the_first_loss_however_the_attempts_to_return_end() -> None:
    clock, out = ManualClock(), list[SlotSample]()
    book = ledger(clock, out)
    book.put(0, 1.5, st.GOOD, None, clock.ns)
    clock.advance(3)
    lost_ns = clock.ns
    for status in (st.BAD_COMMUNICATION_ERROR, *(st.BAD_NO_COMMUNICATION, st.BAD_COMMUNICATION_ERROR) * 2):
        book.spoil_all(status)
        clock.advance(60)
    assert book.last(0).status == st.BAD_NO_COMMUNICATION
    assert [(s.value, s.status, s.source_ns) for slot, s in out if slot == 5][1:] == [
        (1.5, st.BAD_COMMUNICATION_ERROR, lost_ns),
        (1.5, st.BAD_NO_COMMUNICATION, lost_ns),
    ]
    book.put(0, 1.6, st.GOOD, None, clock.ns)
    book.spoil_all(st.BAD_COMMUNICATION_ERROR)
    assert book.last(0).source_ns == clock.ns


def test_status_is_told_on_change_only_and_counts_returns() -> None:
    clock, told = ManualClock(), list[ConnectionStatus]()
    health = Health("c", ledger(clock, []), told.append, clock)
    for state in (ConnectionState.CONNECTED, ConnectionState.CONNECTED, ConnectionState.LOST, ConnectionState.DEGRADED):
        clock.advance(1)
        health.enter(state)
    assert [status.state for status in told] == ["connected", "lost", "degraded"]
    assert told[-1].reconnects == 1
    health.enter(ConnectionState.LOST, LocalText("no answer", "无应答"))
    assert (told[-1].error, told[-1].error_zh) == ("no answer", "无应答")
    health.enter(ConnectionState.DEGRADED)
    assert (told[-1].error, told[-1].error_zh) == ("", "")
    assert told[-1].since_ns == clock.ns


def test_backoff_doubles_to_its_cap_and_starts_again() -> None:
    backoff = Backoff()
    assert [backoff.next() for _ in range(6)] == [0.5, 1, 2, 4, 5, 5]
    backoff.reset()
    assert backoff.next() == 0.5


@given(some.floats(-1e6, 1e6), some.floats(1e-3, 1e3), some.floats(-1e3, 1e3))
def test_scaling_is_undone_by_its_inverse(raw: float, scale: float, offset: float) -> None:
    tag = Tag("T", scale=scale, offset=offset)
    assert to_raw(tag, to_engineering(tag, raw)) == pytest.approx(raw, rel=1e-6, abs=1e-3)


@given(
    some.integers(-(2**15), 2**15 - 1), some.sampled_from([0.001, 0.01, 0.1, 0.5, 2.0, 10.0]), some.integers(-50, 50)
)
def test_a_scaled_register_is_written_back_as_it_was_read(raw: int, scale: float, offset: int) -> None:
    tag = Tag("T", scale=scale, offset=offset)
    assert encode_registers(to_raw(tag, to_engineering(tag, raw)), "int16", "ABCD") == [raw & 0xFFFF]


@pytest.mark.parametrize(("value", "registers"), [(12.34, [123]), (12.36, [124]), (-0.06, [0xFFFF]), (0.3, [3])])
def test_a_write_is_rounded_to_the_nearest_step_of_the_device(value: float, registers: list[int]) -> None:
    assert encode_registers(to_raw(Tag("T", scale=0.1), value), "int16", "ABCD") == registers


@pytest.mark.parametrize(("raw", "whole"), [(2.9999, 3), (2.4, 2), (-2.6, -3)])
@pytest.mark.parametrize("scale", [1.0, 1.0 + 1e-9])
def test_a_whole_number_tag_takes_the_nearest_whole_number(raw: float, whole: int, scale: float) -> None:
    assert to_engineering(Tag("T", data_type=DataType.INT, scale=scale), raw) == whole


@pytest.mark.parametrize("kind", [DataType.FLOAT, DataType.INT])
@pytest.mark.parametrize("raw", [1e308, float("inf"), float("nan")])
def test_what_is_not_finite_once_scaled_never_becomes_a_number(kind: DataType, raw: float) -> None:
    with pytest.raises(ValueRefused) as caught:
        to_engineering(Tag("T", data_type=kind, scale=10.0), raw)
    assert caught.value.status == st.BAD_OUT_OF_RANGE


@pytest.mark.parametrize("value", [1e308, 10**400, float("inf")], ids=["huge", "beyond floats", "infinite"])
@pytest.mark.parametrize("scale", [1.0, 0.001])
def test_a_value_beyond_all_numbers_is_refused_before_it_is_sent(value: float, scale: float) -> None:
    tag = Tag("T", scale=scale)
    with pytest.raises(ValueRefused) as caught:
        encode_registers(to_raw(tag, value), "float32", "ABCD")
    assert caught.value.status == st.BAD_OUT_OF_RANGE
    with pytest.raises(ValueRefused):
        encode(tag, value, ua.VariantType.Float)


def test_text_is_taken_from_scalars_only() -> None:
    text = Tag("S", data_type=DataType.STRING)
    assert to_engineering(text, "x") == "x"
    with pytest.raises(ValueRefused) as caught:
        to_engineering(text, ["x"])
    assert caught.value.status == st.BAD_TYPE_MISMATCH


def test_bool_and_enum_stay_whole() -> None:
    assert to_engineering(Tag("E", data_type=DataType.ENUM), 2.0) == 2
    assert to_raw(Tag("B", data_type=DataType.BOOL), 1) is True


@pytest.mark.parametrize(
    ("endpoint", "options", "words"),
    [
        ("plc", {}, "host:port"),
        ("plc:0", {}, "host:port"),
        ("plc:502", {"max_registers": 126}, "from 1 to 125"),
        ("plc:502", {"timeout": 1}, "'timeout' is unknown; allowed: close_after_poll"),
        ("plc:502", {"forbidden": "hr9-3"}, "hr9-3"),
        ("plc:502", {"close_after_poll": 1}, "true or false"),
    ],
)
def test_wrong_options_are_refused_in_words(endpoint: str, options: dict[str, str | int], words: str) -> None:
    with pytest.raises(ProjectError, match=words):
        ModbusSettings.of(Connection("m", Protocol_.MODBUS_TCP, endpoint, options=options))


def test_forbidden_ranges_are_inclusive() -> None:
    connection = Connection("m", Protocol_.MODBUS_TCP, "plc:502", options={"forbidden": "hr5-7, 2/co3"})
    assert ModbusSettings.of(connection).limits.forbidden == (Span(1, "hr", 5, 8), Span(2, "co", 3, 4))


@pytest.mark.parametrize(
    ("kind", "raw", "value", "bits"),
    [
        (DataType.FLOAT, -3.0, -1.5, st.LOW_LIMITED),
        (DataType.FLOAT, 99.0, 8.5, st.HIGH_LIMITED),
        (DataType.FLOAT, 8.5, 8.5, 0),
        (DataType.INT, -3, -1, st.LOW_LIMITED),
        (DataType.INT, 99, 8, st.HIGH_LIMITED),
        (DataType.INT, 8, 8, 0),
        (DataType.BOOL, 99, True, 0),
        (DataType.STRING, "99", "99", 0),
    ],
)
def test_a_clamped_tag_is_held_within_its_range_and_says_so(
    kind: DataType, raw: float | str, value: float | str, bits: int
) -> None:
    tag = Tag("T", data_type=kind, low=-1.5, high=8.5, clamp=True)
    assert clamped(tag, to_engineering(tag, raw)) == (value, bits)
    assert st.is_good(st.GOOD | bits)
    free = Tag("T", data_type=kind, low=-1.5, high=8.5)
    assert clamped(free, to_engineering(free, raw)) == (to_engineering(free, raw), 0)
    assert judge(tag, raw, st.UNCERTAIN) == (to_engineering(tag, raw), st.UNCERTAIN)
    if not isinstance(raw, str):  # the same in columns
        indices = np.array([0, 1], np.uint32)
        values, status, _ = Scaling([tag, free]).to_engineering(
            indices, np.array([raw, raw], np.float64), np.zeros(2, np.uint32), np.ones(2, np.bool_)
        )
        assert (values[0], status[0]) == (value, bits)
        assert (values[1], status[1]) == (to_engineering(free, raw), 0)


@pytest.mark.parametrize(("raw", "value", "bits"), [(-1.6, -1.5, st.LOW_LIMITED), (-2.1, -2.1, 0), (9.1, 9.1, 0)])
def test_a_clamp_does_not_hide_a_failed_sensor(raw: float, value: float, bits: int) -> None:
    tag = Tag("T", low=-1.5, high=8.5, clamp=True, valid_low=-2.0, valid_high=9.0)
    assert clamped(tag, raw) == (value, bits)
    values, status, _ = Scaling([tag]).to_engineering(
        np.array([0], np.uint32), np.array([raw]), np.zeros(1, np.uint32), np.ones(1, np.bool_)
    )
    assert (values[0], status[0]) == (value, bits)
