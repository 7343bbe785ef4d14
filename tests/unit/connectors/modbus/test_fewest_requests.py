"""No plan has fewer requests: compared with every way of dividing small sets of items into blocks."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as some

from app.model.address import ModbusAddress
from connectors.modbus.plan import Item, PlanLimits, Span, plan, unreadable
from connectors.modbus.schedule import around

TYPES = ("uint16", "int32", "float64")
addresses = some.builds(
    ModbusAddress, some.just(1), some.just("hr"), some.integers(0, 24), some.sampled_from(TYPES)
)  # fmt: skip
closed = some.builds(
    lambda start, length: Span(1, "hr", start, start + length), some.integers(0, 26), some.integers(1, 3)
)
limit_sets = some.builds(
    PlanLimits, some.integers(1, 12), some.just(16), some.integers(0, 6), some.lists(closed, max_size=2).map(tuple)
)


def partitions(items: Sequence[Item]) -> Iterator[list[list[Item]]]:
    """Yield every division of the items into groups."""
    if not items:
        yield []
        return
    first, rest = items[0], items[1:]
    for groups in partitions(rest):
        yield [[first], *groups]
        for at in range(len(groups)):
            yield [*groups[:at], [first, *groups[at]], *groups[at + 1 :]]


def is_allowed(group: list[Item], limits: PlanLimits) -> bool:
    """Say by the definition alone whether one request may serve a group."""
    start, stop = min(item.span.start for item in group), max(item.span.stop for item in group)
    wanted = {offset for item in group for offset in range(item.span.start, item.span.stop)}
    gap = longest = 0
    for offset in range(start, stop):
        gap = 0 if offset in wanted else gap + 1
        longest = max(longest, gap)
    block = Span(1, "hr", start, stop)
    return (
        stop - start <= limits.max_registers
        and longest <= limits.max_gap
        and not any(map(block.touches, limits.forbidden))
    )


def fewest(items: Sequence[Item], limits: PlanLimits) -> int:
    return min(
        len(groups) for groups in partitions(items) if all(is_allowed(group, limits) for group in groups)
    )  # fmt: skip


@given(some.lists(addresses, max_size=7), limit_sets)
@settings(max_examples=300, deadline=None)
def test_no_division_into_blocks_has_fewer(listed: list[ModbusAddress], limits: PlanLimits) -> None:
    items = [Item(index, address) for index, address in enumerate(listed)]
    lost = {item.index for item in unreadable(items, limits)}
    blocks = plan(items, limits)
    readable = [item for item in items if item.index not in lost]
    assert len(blocks) == fewest(readable, limits)
    for block in blocks:
        assert is_allowed(list(block.items), limits)
        assert block.span.start == min(item.span.start for item in block.items)
        assert block.span.stop == max(item.span.stop for item in block.items)


@given(some.lists(addresses, min_size=1, max_size=7), limit_sets, some.data())
@settings(max_examples=200, deadline=None)
def test_around_refused_addresses_all_others_are_read_and_no_refused_one(
    listed: list[ModbusAddress], limits: PlanLimits, data: some.DataObject
) -> None:
    limits = replace(limits, max_registers=max(4, limits.max_registers), forbidden=())
    items = [Item(index, address) for index, address in enumerate(listed)]
    refused = data.draw(some.sets(some.sampled_from(range(len(items)))))
    blocks = around(items, limits, refused)
    good = [item for item in items if item.index not in refused]
    assert sorted(item.index for block in blocks for item in block.items) == [item.index for item in good]
    wanted = {offset for item in good for offset in range(item.span.start, item.span.stop)}
    for item in items:
        for offset in range(item.span.start, item.span.stop):
            if item.index in refused and offset not in wanted:
                assert not any(block.span.start <= offset < block.span.stop for block in blocks)


def test_a_units_own_limit_is_kept_and_what_is_longer_than_it_is_named() -> None:
    limits = PlanLimits(max_registers=125, unit_registers={3: 2}, unit_bits={3: 4})
    listed = ["1/hr0", "1/hr1", "1/hr2", "3/hr0", "3/hr1", "3/hr2", "3/hr9:float64", "3/co0", "3/co3", "3/co4"]
    items = [Item(index, ModbusAddress.parse(text)) for index, text in enumerate(listed)]
    assert [(block.span.unit, block.span.table, block.count) for block in plan(items, limits)] == [
        (1, "hr", 3), (3, "co", 4), (3, "co", 1), (3, "hr", 2), (3, "hr", 1),
    ]  # fmt: skip
    assert [item.index for item in unreadable(items, limits)] == [6]
