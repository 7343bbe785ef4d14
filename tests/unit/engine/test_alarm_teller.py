"""Telling desks of alarms over a real link: many changes in few messages, all alarms in order with their changes."""

from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from app.engine.alarmteller import PORTION, AlarmTeller
from app.link import messages as m
from app.link.client import EngineClient
from app.link.server import Handlers, LinkServer, Peer
from app.model.alarm import AnnunciationState
from app.model.alarm_state import AlarmSnapshot
from app.model.engine import EngineEndpoint

COUNT = 3 * PORTION + 7


def shot(number: int, state: AnnunciationState = AnnunciationState.UNACKNOWLEDGED) -> AlarmSnapshot:
    return AlarmSnapshot(f"T{number:05d}.H", f"e{number}", state, True, 5 + number)


class Desk:
    """All alarms of an engine, in portions as AlarmDesk gives them."""

    def __init__(self) -> None:
        self.alarms = {each.id: each for each in map(shot, range(COUNT))}
        self.meanwhile: Callable[[], None] = lambda: None

    def portions(self, size: int) -> Iterator[tuple[AlarmSnapshot, ...]]:
        ids = list(self.alarms)
        for first in range(0, len(ids), size):
            yield tuple(self.alarms[name] for name in ids[first : first + size])
            self.meanwhile()


class Site:
    """Server, one client, and what that was told."""

    def __init__(self) -> None:
        self.desk, self.told = Desk(), list[m.LinkEvent]()
        handlers = Handlers()
        handlers.on(m.ALL_ALARMS, self._all)
        self.server = LinkServer(handlers, "secret")
        self.teller = AlarmTeller(lambda: self.server)
        self.client: EngineClient | None = None

    async def _all(self, peer: Peer, _request: m.Nothing) -> m.Nothing:
        await self.teller.tell_all(peer, self.desk)  # type: ignore[arg-type]  # all that it asks of a desk
        return m.Nothing()

    async def open(self) -> EngineClient:
        url = await self.server.start()
        self.client = await EngineClient.connect(
            EngineEndpoint(1, url, "secret", "", "p", "", 1, "0"), self.told.append
        )
        return self.client

    def change(self, *changed: AlarmSnapshot) -> None:
        """Let alarms change, once."""
        self.desk.meanwhile = lambda: None
        for each in changed:
            self.desk.alarms[each.id] = each
            self.teller.changed(each)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    await site.open()
    yield site
    assert site.client is not None
    await site.client.close()
    await site.server.close()


async def test_all_alarms_are_told_before_the_answer_and_end_as_they_are(site: Site) -> None:
    assert site.client is not None
    first, last = shot(0, AnnunciationState.ACKNOWLEDGED), shot(COUNT - 1, AnnunciationState.NORMAL)
    site.desk.meanwhile = lambda: site.change(first, last)  # one that was told already, one that was not
    await site.client.all_alarms()
    state: dict[str, AlarmSnapshot] = {}
    for event in site.told:
        shots = event.snapshots if isinstance(event, m.AlarmsChanged) else ()
        shots = (event.snapshot,) if isinstance(event, m.AlarmChanged) else shots
        state.update((each.id, each) for each in shots)
    assert state == site.desk.alarms
    assert (state[first.id], state[last.id]) == (first, last)


async def test_a_burst_goes_in_few_messages_in_order_and_one_change_as_before(site: Site) -> None:
    assert site.client is not None
    burst = [shot(number % 3 + number // 3 * 3) for number in range(COUNT)]
    for each in burst:
        site.teller.changed(each)
    site.desk.alarms.clear()
    await site.client.all_alarms()  # lets it be told
    assert [len(each.snapshots) for each in site.told if isinstance(each, m.AlarmsChanged)] == [PORTION] * 3 + [7]
    heard = [each for event in site.told if isinstance(event, m.AlarmsChanged) for each in event.snapshots]
    assert heard == burst
    site.told.clear()
    site.teller.changed(burst[0])
    await site.client.all_alarms()
    assert site.told == [m.AlarmChanged(burst[0])]
    assert site.server.dropped == 0
