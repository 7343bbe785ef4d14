"""How items are divided over the sessions and subscriptions of a connection."""

from collections.abc import Sequence
from typing import Any, cast

from app.model.clock import ManualClock
from app.model.connection import Connection, Protocol_
from connectors.opcua.limits import OperationLimits
from connectors.opcua.session import OpcUaSession
from connectors.opcua.sessions import Sessions
from connectors.opcua.settings import OpcUaSettings, Terms
from connectors.opcua.subscription import Item, Subscription


class FakeSubscription(Subscription):
    """Takes items; those with odd handles from 1000 on are refused."""

    def __init__(self, terms: Terms) -> None:
        nobody: Any = None
        super().__init__(nobody, terms, ManualClock())

    async def monitor(self, items: Sequence[Item], limits: OperationLimits) -> list[int]:
        refused = [item.handle for item in items if item.handle >= 1000 and item.handle % 2]
        self.items += len(items) - len(refused)
        return [0x80340000 if item.handle in refused else 0 for item in items]


class FakeSession:
    """A session without a server."""

    class services:  # noqa: N801 - an attribute of the real one
        limits = OperationLimits(500, 500)

    def __init__(self) -> None:
        self.subscriptions: list[FakeSubscription] = []

    @property
    def items(self) -> int:
        return sum(subscription.items for subscription in self.subscriptions)

    async def subscribe(self, terms: Terms) -> FakeSubscription:
        self.subscriptions.append(FakeSubscription(terms))
        return self.subscriptions[-1]


def items(count: int, scan_ms: int = 1000, first: int = 0) -> list[Item]:
    return [Item(first + n, None, scan_ms) for n in range(count)]


def group(count: int, **options: int | str) -> tuple[Sessions, list[FakeSession]]:
    settings = OpcUaSettings.of(Connection("c", Protocol_.OPCUA, "opc.tcp://plc:4840", options=options))
    sessions = [FakeSession() for _ in range(count)]
    return Sessions(cast("list[OpcUaSession]", sessions), settings), sessions


def shares(sessions: list[FakeSession]) -> list[list[int]]:
    return [[subscription.items for subscription in session.subscriptions] for session in sessions]


async def test_a_full_subscription_is_followed_by_another() -> None:
    whole, sessions = group(1, items_per_subscription=10)
    assert await whole.monitor(items(25)) == [0] * 25
    assert shares(sessions) == [[10, 10, 5]]


async def test_sessions_get_equal_shares() -> None:
    whole, sessions = group(3)
    await whole.monitor(items(31))
    assert shares(sessions) == [[11], [11], [9]]


async def test_items_of_one_scan_class_stand_together() -> None:
    whole, sessions = group(1, scan_classes="100/50/10")
    mixed = [item for pair in zip(items(5), items(5, 100, 5), strict=True) for item in pair]
    assert await whole.monitor(mixed) == [0] * 10
    assert [(each.terms.publishing_ms, each.items) for each in sessions[0].subscriptions] == [(500, 5), (50, 5)]


async def test_items_that_come_later_fill_what_has_room_and_statuses_keep_their_order() -> None:
    whole, sessions = group(2, items_per_subscription=10)
    await whole.monitor(items(14))
    assert shares(sessions) == [[7], [7]]
    assert await whole.monitor(items(4, first=1000)) == [0, 0x80340000, 0, 0x80340000]
    assert shares(sessions) == [[8], [8]]
    await whole.monitor(items(6, first=100))
    assert shares(sessions) == [[8, 3], [8, 3]]
