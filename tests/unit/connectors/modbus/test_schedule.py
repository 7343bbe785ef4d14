from itertools import pairwise

from app.model.address import ModbusAddress
from connectors.modbus.plan import Item, PlanLimits
from connectors.modbus.schedule import most_urgent, scan_classes


def rounds(fast_blocks: int, slow_blocks: int, read_s: float, until_s: float) -> tuple[list[float], list[float]]:
    """Read a class of 1 s and one of 10 s on a line where each block takes so long; return when rounds began."""
    wanted = [(Item(at, ModbusAddress(1, "hr", at * 200, "uint16")), 1000) for at in range(fast_blocks)]
    wanted += [(Item(99 + at, ModbusAddress(2, "hr", at * 200, "uint16")), 10_000) for at in range(slow_blocks)]
    classes = scan_classes(wanted, PlanLimits())
    began: dict[float, list[float]] = {1.0: [], 10.0: []}
    now = 100.0
    while now < 100 + until_s:
        scan = most_urgent(classes, now)
        if scan is None:
            now = min(each.due for each in classes)
            continue
        if not scan.under_way:
            scan.begin(now)
            began[scan.period_s].append(now - 100)
        assert scan.next() is not None
        now += read_s
    return began[1.0], began[10.0]


def test_a_long_round_of_a_slow_class_does_not_hold_up_a_fast_one() -> None:
    fast, slow = rounds(fast_blocks=1, slow_blocks=40, read_s=0.1, until_s=60)
    assert max(b - a for a, b in pairwise(fast)) < 1.2
    assert len(slow) == 6


def test_on_a_line_that_cannot_keep_up_no_class_is_left_out() -> None:
    fast, slow = rounds(fast_blocks=20, slow_blocks=20, read_s=0.1, until_s=200)
    assert len(slow) > 8
    assert len(fast) > 60


def test_the_achieved_period_is_the_mean_of_the_last_rounds() -> None:
    (scan,) = scan_classes([(Item(0, ModbusAddress(1, "hr", 0, "uint16")), 1000)], PlanLimits())
    found = []
    for now in (10.0, 11.0, 12.5):
        scan.begin(now)
        assert scan.next() is not None
        found.append(scan.achieved_s)
    assert found == [None, 1.0, 1.25]
    for now in range(20, 40, 2):
        scan.begin(now)
    after = scan.achieved_s
    assert after is not None
    assert after > 1.9
