"""Numbers of notifications: order, what overtook what, and what is asked for again."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.model.clock import ManualClock
from connectors.opcua.faults import SessionLost
from connectors.opcua.notifications import Notification
from connectors.opcua.order import LATE_S, MOST_AHEAD, Order

AT_ONCE = 4
GREATEST = 0xFFFFFFFF


def changes(sequence: int) -> Notification:
    return Notification(7, sequence, False, 1)


def keep_alive(sequence: int) -> Notification:
    return Notification(7, sequence, True, 1)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def order(clock: ManualClock) -> Order:
    return Order(clock)


def taken(order: Order, *notifications: Notification) -> list[int]:
    return [due.sequence for each in notifications for due in order.take(each)]


def test_keep_alives_and_consecutive_numbers_are_fine(order: Order, clock: ManualClock) -> None:
    given = (keep_alive(1), changes(1), keep_alive(2), keep_alive(2), changes(2), changes(3), keep_alive(4))
    assert taken(order, *given) == [1, 2, 3]
    clock.advance(LATE_S)
    assert order.missing(AT_ONCE) == []


def test_numbers_begin_anew_after_the_largest(order: Order) -> None:
    assert taken(order, changes(GREATEST - 1), changes(1), changes(GREATEST), changes(2)) == [
        GREATEST - 1, GREATEST, 1, 2,
    ]  # fmt: skip


def test_answers_that_overtook_one_another_are_put_in_order(order: Order) -> None:
    assert taken(order, changes(1), changes(4), changes(3), changes(2), changes(5)) == [1, 2, 3, 4, 5]
    assert order.missing(AT_ONCE) == []


def test_a_notification_that_more_have_overtaken_than_can_is_missing(order: Order) -> None:
    assert taken(order, changes(1), changes(3), changes(4), changes(5)) == [1]
    assert order.missing(AT_ONCE) == []
    assert taken(order, changes(6)) == []
    assert order.missing(AT_ONCE) == [2]
    assert order.missing(AT_ONCE) == []  # it is asked for once
    assert taken(order, changes(2)) == [2, 3, 4, 5, 6]


def test_more_missing_than_can_be_under_way_are_asked_for_at_once(order: Order) -> None:
    assert taken(order, changes(1), changes(2 + AT_ONCE)) == [1]
    assert order.missing(AT_ONCE) == []
    assert taken(order, changes(3 + AT_ONCE)) == []
    assert order.missing(AT_ONCE) == [2, 3, 4, 5]


def test_an_overtaken_notification_that_is_late_is_missing(order: Order, clock: ManualClock) -> None:
    assert taken(order, changes(1), changes(3), changes(5)) == [1]
    assert order.missing(AT_ONCE) == []
    clock.advance(LATE_S)
    assert order.missing(AT_ONCE) == [2, 4]
    assert taken(order, changes(2), changes(2), changes(4)) == [2, 3, 4, 5]


def test_a_second_gap_has_a_second_of_its_own(order: Order, clock: ManualClock) -> None:
    assert taken(order, changes(1), changes(3)) == [1]
    clock.advance(LATE_S * 0.9)
    assert taken(order, changes(5), changes(2)) == [2, 3]
    clock.advance(LATE_S * 0.9)
    assert order.missing(AT_ONCE) == []
    clock.advance(LATE_S * 0.1)
    assert order.missing(AT_ONCE) == [4]


@pytest.mark.parametrize("sequence", [1, 2, 3 + MOST_AHEAD + 1])
def test_a_number_that_cannot_be_due_soon_is_no_order(order: Order, sequence: int) -> None:
    assert taken(order, changes(1), changes(2)) == [1, 2]
    with pytest.raises(SessionLost, match="notification 3 is missing"):
        taken(order, changes(sequence))


def test_a_keep_alive_tells_of_a_notification_that_nothing_follows(order: Order, clock: ManualClock) -> None:
    assert taken(order, changes(1), keep_alive(4)) == [1]
    assert order.missing(AT_ONCE) == []
    clock.advance(LATE_S)
    assert order.missing(AT_ONCE) == [2, 3]
    assert taken(order, changes(2), changes(3)) == [2, 3]
    clock.advance(LATE_S)
    assert order.missing(AT_ONCE) == []


def test_keep_alives_alone_that_count_wrongly_do_not_end_the_session(order: Order, clock: ManualClock) -> None:
    assert taken(order, changes(1), keep_alive(3)) == [1]
    clock.advance(LATE_S)
    assert order.missing(AT_ONCE) == [2]
    order.give_up(2)
    assert taken(order, keep_alive(3), changes(2), changes(3)) == [2, 3]


def test_what_is_gone_ends_the_session_once_something_follows(order: Order, clock: ManualClock) -> None:
    taken(order, changes(1), keep_alive(3))
    clock.advance(LATE_S)
    assert order.missing(AT_ONCE) == [2]
    order.give_up(2)
    with pytest.raises(SessionLost, match="notification 2 is missing"):
        taken(order, changes(3))


def test_what_others_wait_for_and_is_gone_ends_the_session(order: Order, clock: ManualClock) -> None:
    taken(order, changes(1), changes(3))
    clock.advance(LATE_S)
    assert order.missing(AT_ONCE) == [2]
    with pytest.raises(SessionLost, match="notification 2 is missing"):
        order.give_up(2)


@given(
    first=some.one_of(some.just(1), some.integers(GREATEST - 60, GREATEST)),
    dropped=some.lists(some.booleans(), min_size=1, max_size=60),
    chance=some.randoms(use_true_random=False),
    at_once=some.integers(1, 6),
)
def test_whatever_is_dropped_or_overtaken_all_come_once_and_in_order(
    first: int, dropped: list[bool], chance: random.Random, at_once: int
) -> None:
    """Against a server that keeps what it sent, over a line that drops and lets answers overtake others."""
    clock = ManualClock()
    order = Order(clock)
    numbers = [(first - 1 + n) % GREATEST + 1 for n in range(len(dropped) + 1)]
    under_way: list[int] = []
    came: list[int] = []

    def take(notification: Notification) -> None:
        came.extend(taken(order, notification))
        for number in order.missing(at_once):
            take(changes(number))
            if number in under_way and chance.random() < 0.5:  # it was not lost, but slow
                under_way.remove(number)
                take(changes(number))

    take(changes(numbers[0]))
    for number, is_dropped in zip(numbers[1:], dropped, strict=True):
        if not is_dropped:
            under_way.append(number)
        while len(under_way) >= at_once or (under_way and chance.random() < 0.5):
            take(changes(under_way.pop(chance.randrange(len(under_way)))))
        if chance.random() < 0.1:
            clock.advance(LATE_S / 3)
    while under_way:
        take(changes(under_way.pop(chance.randrange(len(under_way)))))
    take(keep_alive(numbers[-1] % GREATEST + 1))
    clock.advance(LATE_S)
    take(keep_alive(numbers[-1] % GREATEST + 1))
    assert came == numbers
