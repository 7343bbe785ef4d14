from hypothesis import given
from hypothesis import strategies as some

from app.model.address import ModbusAddress
from connectors.modbus.plan import Block, Item, PlanLimits, Span, plan, split, unreadable

TYPES = ("uint16", "int32", "float64")
registers = some.builds(
    ModbusAddress,
    some.integers(1, 2), some.sampled_from(("hr", "ir")), some.integers(0, 400), some.sampled_from(TYPES),
)  # fmt: skip
bits = some.builds(
    ModbusAddress, some.just(1), some.sampled_from(("co", "di")), some.integers(0, 6000), some.just("bool")
)
addresses = some.lists(some.one_of(registers, bits), max_size=60)
spans = some.builds(
    lambda table, start, length: Span(1, table, start, start + length),
    some.sampled_from(("hr", "ir", "co")), some.integers(0, 400), some.integers(1, 10),
)  # fmt: skip
limit_sets = some.builds(
    PlanLimits,
    some.integers(4, 125),
    some.integers(1, 2000),
    some.integers(0, 124),
    some.lists(spans, max_size=4).map(tuple),
)


def items_of(listed: list[ModbusAddress]) -> list[Item]:
    return [Item(index, address) for index, address in enumerate(listed)]


@given(addresses, limit_sets)
def test_every_item_is_read_once_within_the_limits(listed: list[ModbusAddress], limits: PlanLimits) -> None:
    items = items_of(listed)
    blocks = plan(items, limits)
    served = sorted(item.index for block in blocks for item in block.items)
    assert served == sorted({item.index for item in items} - {item.index for item in unreadable(items, limits)})
    for block in blocks:
        is_bits = block.span.table in {"co", "di"}
        assert 1 <= block.count <= (limits.max_bits if is_bits else limits.max_registers)
        assert not any(block.span.touches(closed) for closed in limits.forbidden)
        reached = block.span.start
        for item in block.items:
            assert (item.address.unit, item.address.table) == (block.span.unit, block.span.table)
            assert block.span.start <= item.span.start
            assert item.span.stop <= block.span.stop
            assert item.span.start - reached <= limits.max_gap * (16 if is_bits else 1)
            reached = max(reached, item.span.stop)
        assert reached == block.span.stop


@given(addresses.filter(bool), limit_sets)
def test_dividing_a_block_ends_in_single_items_and_loses_none(listed: list[ModbusAddress], limits: PlanLimits) -> None:
    for block in plan(items_of(listed), limits):
        waiting: list[Block] = [block]
        singles: list[int] = []
        while waiting:
            part = waiting.pop()
            halves = split(part)
            if halves is None:
                assert part.span == part.items[0].span
                singles.append(part.items[0].index)
            else:
                assert all(half.count <= part.count for half in halves)
                waiting.extend(halves)
        assert sorted(singles) == sorted(item.index for item in block.items)


def test_neighbours_share_a_request_and_distant_ones_do_not() -> None:
    listed = [ModbusAddress.parse(text) for text in ("hr0", "hr1:float32:CDAB", "hr11", "hr21", "2/hr3", "ir0")]
    spans = [block.span for block in plan(items_of(listed), PlanLimits(max_gap=8))]
    assert spans == [
        Span(1, "hr", 0, 12), Span(1, "hr", 21, 22), Span(1, "ir", 0, 1), Span(2, "hr", 3, 4),
    ]  # fmt: skip
