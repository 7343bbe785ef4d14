"""An hour of a shift, and what the journal must say of it, worked out by hand. Times are seconds since six o'clock.

- From 60 s a storm makes the raw water turbid: H, then HH; a bad sample clears nothing, the dead-band holds.
- At 600 s the membrane of a rack breaks. Its H is shelved; what it does meanwhile is journalled all the same, and when
  the shelving ends it annunciates anew.
- From 1300 s a level switch chatters.
- At 1500 s the connection to the network's PLC is lost: one alarm. Of its two alarms that were acknowledged before, the
  one that still stands when it is back stays acknowledged, and the other returns.
- At 1800 s the engine is killed, with an alarm that nobody has acknowledged and one that is shelved. It is back
  at 1810 s.
- From 2000 s fifteen valves fail, one every two seconds: a flood from the one that is the eleventh alarm within ten
  minutes (two are of before the kill) until fewer than five are left of ten minutes.
"""

from typing import Any, Final

PLANT: Final = """\
[plant]
id = "shift"
title = "Shift"
time_zone = "Asia/Shanghai"

[[connection]]
id = "works"
protocol = "modbus-tcp"
endpoint = "127.0.0.1:502"

[[connection]]
id = "network"
protocol = "modbus-tcp"
endpoint = "127.0.0.1:503"
"""
VALVES: Final = tuple(f"V{n:02}" for n in range(1, 16))
PRESSURES: Final = ("NET.P1", "NET.P2", "NET.P3")


def tags() -> str:
    """Return tags.csv."""
    rows = [
        "name,data_type,connection,address,low,high,H,HH,priorities,deadband,states,alarm_states",
        "RW.TURB,float,works,hr0,0,200,30,80,H:3 HH:2,2,,",
        "UF.PTURB,float,works,hr2:float32,0,1,0.1,0.15,H:2 HH:1,0.005,,",
        "CW.LSH,bool,works,co0,,,,,,,0=Normal/正常;1=High/高,1:4",
    ]
    rows += [f"{name},float,network,hr{2 * n},0,100,50,,H:3 BAD:4,1,," for n, name in enumerate(PRESSURES)]
    rows += [f"{name},bool,works,co{n},,,,,,,0=Good/正常;1=Fault/故障,1:3" for n, name in enumerate(VALVES, 10)]
    return "\n".join(rows) + "\n"


Event = list[Any]
"""[second, tag, value, bad], or [second, connection, state]."""


def _at(second: float, **values: Any) -> list[Event]:
    return [[second, tag.replace("_", "."), value, False] for tag, value in values.items()]


def _quiet(second: float) -> list[Event]:
    still = _at(second, CW_LSH=False) + [[second, name, False, False] for name in VALVES]
    return still + [[second, name, 30.0, False] for name in PRESSURES[1:]]


MORNING: Final[list[Event]] = [
    *_at(0, RW_TURB=10.0, UF_PTURB=0.02, NET_P1=30.0), *_quiet(0),
    *_at(60, RW_TURB=35.0), *_at(120, RW_TURB=85.0), *_at(300, RW_TURB=78.5), [310, "RW.TURB", 78.5, True],
    *_at(320, RW_TURB=77.0), *_at(400, RW_TURB=28.5), *_at(410, RW_TURB=27.9),
    *_at(600, UF_PTURB=0.12), *_at(602, UF_PTURB=0.2), *_at(700, UF_PTURB=0.02), *_at(800, UF_PTURB=0.12),
    *_at(1260, UF_PTURB=0.02),
    *[[1300 + 5 * n, "CW.LSH", n % 2 == 0, False] for n in range(8)],
    *_at(1400, NET_P1=60.0), *_at(1402, NET_P2=60.0),
    [1500, "network", "lost"], [1560, "network", "connected"], *_at(1561, NET_P1=60.0, NET_P2=30.0, NET_P3=30.0),
    *_at(1750, RW_TURB=35.0),
]  # fmt: skip
KILLED_S: Final = 1800
BACK_S: Final = 1810
FORENOON: Final[list[Event]] = [
    *_quiet(1811), *_at(1811, RW_TURB=35.0, UF_PTURB=0.02, NET_P1=60.0),
    *_at(1900, CW_LSH=True), *_at(1910, CW_LSH=False),
    *[[2000 + 2 * n, name, True, False] for n, name in enumerate(VALVES)],
    *[[2200, name, False, False] for name in VALVES],
]  # fmt: skip
END_S: Final = 3600

Row = tuple[float, str, str, str, str, float | bool | None, float | None, str]
"""Source time (s), event, object, state before, state after, value, limit, user."""

ROWS: Final[list[Row]] = [
    (60, "ALM", "RW.TURB.H", "NORM", "UNACK", 35.0, 30.0, ""),
    (75, "ACK", "RW.TURB.H", "UNACK", "ACKED", 35.0, 30.0, "anna"),
    (120, "ALM", "RW.TURB.HH", "NORM", "UNACK", 85.0, 80.0, ""),
    (320, "RTN", "RW.TURB.HH", "UNACK", "RTNUN", 77.0, 80.0, ""),
    (330, "ACK", "RW.TURB.HH", "RTNUN", "NORM", 85.0, 80.0, "anna"),
    (410, "RTN", "RW.TURB.H", "ACKED", "NORM", 27.9, 30.0, ""),
    (600, "ALM", "UF.PTURB.H", "NORM", "UNACK", 0.12, 0.1, ""),
    (602, "ALM", "UF.PTURB.HH", "NORM", "UNACK", 0.2, 0.15, ""),
    (620, "ACK", "UF.PTURB.H", "UNACK", "ACKED", 0.12, 0.1, "anna"),
    (620, "ACK", "UF.PTURB.HH", "UNACK", "ACKED", 0.2, 0.15, "anna"),
    (640, "SHELVE", "UF.PTURB.H", "ACKED", "NORM+SHLVD", 600.0, 0.1, "anna"),
    (700, "RTN", "UF.PTURB.H", "NORM", "NORM+SHLVD", 0.02, 0.1, ""),
    (700, "RTN", "UF.PTURB.HH", "ACKED", "NORM", 0.02, 0.15, ""),
    (800, "ALM", "UF.PTURB.H", "NORM", "NORM+SHLVD", 0.12, 0.1, ""),
    (1240, "UNSHELVE", "UF.PTURB.H", "NORM", "NORM", 0.12, 0.1, ""),
    (1240, "ALM", "UF.PTURB.H", "NORM", "UNACK", 0.12, 0.1, ""),
    (1250, "ACK", "UF.PTURB.H", "UNACK", "ACKED", 0.12, 0.1, "anna"),
    (1260, "RTN", "UF.PTURB.H", "ACKED", "NORM", 0.02, 0.1, ""),
    (1300, "ALM", "CW.LSH.DISCRETE", "NORM", "UNACK", True, None, ""),
    (1305, "RTN", "CW.LSH.DISCRETE", "UNACK", "RTNUN", False, None, ""),
    (1310, "ALM", "CW.LSH.DISCRETE", "RTNUN", "UNACK", True, None, ""),
    (1315, "RTN", "CW.LSH.DISCRETE", "UNACK", "RTNUN", False, None, ""),
    (1320, "ALM", "CW.LSH.DISCRETE", "RTNUN", "UNACK", True, None, ""),
    (1325, "RTN", "CW.LSH.DISCRETE", "UNACK", "RTNUN", False, None, ""),
    (1330, "ALM", "CW.LSH.DISCRETE", "RTNUN", "UNACK", True, None, ""),
    (1335, "RTN", "CW.LSH.DISCRETE", "UNACK", "RTNUN", False, None, ""),
    (1340, "ACK", "CW.LSH.DISCRETE", "RTNUN", "NORM", True, None, "anna"),
    (1400, "ALM", "NET.P1.H", "NORM", "UNACK", 60.0, 50.0, ""),
    (1402, "ALM", "NET.P2.H", "NORM", "UNACK", 60.0, 50.0, ""),
    (1410, "ACK", "NET.P1.H", "UNACK", "ACKED", 60.0, 50.0, "anna"),
    (1410, "ACK", "NET.P2.H", "UNACK", "ACKED", 60.0, 50.0, "anna"),
    (1500, "ALM", "network.COMM", "NORM", "UNACK", None, None, ""),
    (1510, "ACK", "network.COMM", "UNACK", "ACKED", None, None, "anna"),
    (1561, "RTN", "NET.P2.H", "ACKED", "NORM", 30.0, 50.0, ""),
    (1560, "RTN", "network.COMM", "ACKED", "NORM", None, None, ""),
    (1700, "SHELVE", "CW.LSH.DISCRETE", "NORM", "NORM+SHLVD", 1800.0, None, "anna"),
    (1750, "ALM", "RW.TURB.H", "NORM", "UNACK", 35.0, 30.0, ""),
    # killed and back: nothing annunciates twice
    (1900, "ALM", "CW.LSH.DISCRETE", "NORM", "NORM+SHLVD", True, None, ""),
    (1910, "RTN", "CW.LSH.DISCRETE", "NORM", "NORM+SHLVD", False, None, ""),
    *[(2000 + 2 * n, "ALM", f"{name}.DISCRETE", "NORM", "UNACK", True, None, "") for n, name in enumerate(VALVES)],
    *[(2100, "ACK", f"{name}.DISCRETE", "UNACK", "ACKED", True, None, "anna") for name in VALVES],
    *[(2200, "RTN", f"{name}.DISCRETE", "ACKED", "NORM", False, None, "") for name in VALVES],
    (3500, "UNSHELVE", "CW.LSH.DISCRETE", "NORM", "NORM", False, None, ""),
]
FLOOD: Final[list[tuple[float, str, int]]] = [(2016, "start", 11), (2620, "end", 4)]
"""Second, what, alarms of the last ten minutes: the connection, RW.TURB.H, V01 to V09; then V12 to V15."""

BINS: Final = (2, 2, 9, 15, 0, 0)
"""Annunciated in each ten minutes: 60, 120 | 600, 602 | 1240, 1300 to 1330, 1400, 1402, 1500, 1750 | fifteen valves."""
MOST: Final = 17
"""In the worst ten minutes, from 1500 s: the lost connection, the raw water, fifteen valves."""
TOP: Final = [("CW.LSH.DISCRETE", 4), ("RW.TURB.H", 2), ("UF.PTURB.H", 2)]
PRIORITIES: Final = [(1, 1, 1), (2, 4, 4), (3, 19, 19), (4, 4, 4)]
"""Priority, configured, annunciated. 2: two limits and connections; 3: raw water, pressures, valves; 4: switch, BAD."""
RESPONSES: Final = [
    (None, 28, 24, 79.0, 99.7), (1, 1, 1, 18.0, 18.0), (2, 4, 4, 15.0, 181.5), (3, 19, 18, 83.0, 98.3),
    (4, 4, 1, 10.0, 10.0),
]  # fmt: skip
"""Priority, wanted, acknowledged, median and 95th percentile (s, between the neighbours).

All: 8 to 20 s for eight of them, the valves 72, 74 … 100 s, the raw water's HH 210 s: of 24 the 12th is 78, the 13th
80; 0.95 x 23 = 21.85 steps lead from the first to 98 + 0.85 x 2. Of priority 2: 10 or 8, 10, 20, 210. Of priority 3:
8, 10, 15 and the valves. Three of the switch's four occurrences, and the raw water of 1750 s, nobody acknowledged.
"""
