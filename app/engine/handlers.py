"""Ties the methods of the link to the services of the engine."""

from dataclasses import replace
from heapq import nsmallest
from typing import TYPE_CHECKING

from app.engine.alarmkpi import AlarmKpiAnswers
from app.engine.historyanswers import HistoryAnswers
from app.link import messages as m
from app.link.server import Handlers, Peer
from app.model.alarm_state import AlarmSnapshot
from app.model.annotation import Annotation, AnnotationPage, AnnotationQuery
from app.model.browsing import BrowseResult
from app.model.command import CommandResult, Selection
from app.model.engine import EngineStatus
from app.model.flood import FloodState
from app.model.journal import JournalCount, JournalPage, JournalQuery
from app.model.sample import Sample
from app.model.substitution import ActiveSubstitution, Substitution
from app.model.user import Role

if TYPE_CHECKING:
    from app.engine.engine import Engine

READ_LIMIT = 10_000
PAGE_LIMIT = 2_000
DEPTH_LIMIT = 10


class LinkHandlers:
    """One method a message; each is a line or two, the services do the work."""

    def __init__(self, engine: "Engine") -> None:
        self._engine = engine

    def table(self) -> Handlers:
        """Return the table for the server."""
        handlers = Handlers()
        handlers.on(m.LOGIN, self._engine.access.login)
        handlers.on(m.LOGOUT, self._engine.access.logout)
        handlers.on(m.READ, self._read)
        handlers.on(m.PROBE, self._probe)
        handlers.on(m.BROWSE, self._browse)
        handlers.on(m.SELECT, self._select)
        handlers.on(m.OPERATE, self._operate)
        handlers.on(m.CANCEL, self._cancel)
        handlers.on(m.ALARMS, self._alarms)
        handlers.on(m.ALL_ALARMS, self._all_alarms)
        handlers.on(m.ACKNOWLEDGE, self._acknowledge)
        handlers.on(m.ALARM_ACTION, self._alarm_action)
        handlers.on(m.ALARM_FLOOD, self._alarm_flood)
        handlers.on(m.JOURNAL, self._journal)
        handlers.on(m.JOURNAL_COUNT, self._journal_count)
        handlers.on(m.STATUS, self._status)
        engine = self._engine
        figures = AlarmKpiAnswers(
            engine.stores.queries, lambda: engine.configuration.plant, engine.desk.snapshots, engine.clock
        )
        handlers.on(m.ALARM_KPI, figures.report)
        history = HistoryAnswers(self._engine.stores.queries)
        handlers.on(m.HISTORY, history.envelope)
        handlers.on(m.HISTORY_COUNT, history.count)
        handlers.on(m.RAW, history.page)
        handlers.on(m.ANNOTATIONS, self._annotations)
        handlers.on(m.ANNOTATE, self._annotate)
        handlers.on(m.RELOAD, self._reload)
        handlers.on(m.REMOVE_ANNOTATION, self._remove_annotation)
        handlers.on(m.SUBSTITUTIONS, self._substitutions)
        handlers.on(m.SUBSTITUTE, self._substitute)
        handlers.on(m.CLEAR_SUBSTITUTION, self._clear_substitution)
        handlers.on(m.DEVICE, self._device)
        return handlers

    async def _read(self, _peer: Peer, request: m.ReadRequest) -> dict[str, Sample]:
        now_ns = self._engine.clock.now_ns()
        return {tag: self._engine.values.read(tag, now_ns) for tag in request.tags[:READ_LIMIT]}

    async def _probe(self, _peer: Peer, request: m.ProbeRequest) -> m.ProbeAnswer:
        return m.ProbeAnswer(await self._engine.connections.probe(request.connection, request.address))

    async def _browse(self, _peer: Peer, request: m.BrowseRequest) -> BrowseResult:
        depth = max(1, min(request.depth, DEPTH_LIMIT))
        return await self._engine.connections.browse(request.connection, request.address, depth)

    async def _select(self, peer: Peer, request: m.SelectRequest) -> Selection:
        return await self._engine.commands.select(request, self._engine.access.session(peer))

    async def _operate(self, peer: Peer, request: m.TokenRequest) -> CommandResult:
        return await self._engine.commands.operate(request, self._engine.access.session(peer))

    async def _cancel(self, peer: Peer, request: m.TokenRequest) -> m.Nothing:
        self._engine.commands.cancel(request, self._engine.access.session(peer))
        return m.Nothing()

    async def _alarms(self, _peer: Peer, request: m.AlarmsRequest) -> tuple[AlarmSnapshot, ...]:
        later = (each for each in self._engine.desk.snapshots() if each.id > request.after)
        return tuple(nsmallest(min(request.limit, m.ALARMS_LIMIT), later, key=lambda each: each.id))

    async def _all_alarms(self, peer: Peer, _request: m.Nothing) -> m.Nothing:
        await self._engine.alarm_teller.tell_all(peer, self._engine.desk)
        return m.Nothing()

    async def _acknowledge(self, peer: Peer, request: m.AcknowledgeRequest) -> m.AcknowledgeReport:
        session = self._engine.access.require(peer, Role.OPERATOR)
        return await self._engine.desk.acknowledge(request, session)

    async def _alarm_action(self, peer: Peer, request: m.AlarmActionRequest) -> m.AcknowledgeReport:
        session = self._engine.access.require(peer, Role.OPERATOR)
        return await self._engine.desk.act(request, session)

    async def _alarm_flood(self, _peer: Peer, _request: m.Nothing) -> FloodState:
        return self._engine.desk.flood()

    async def _journal(self, peer: Peer, request: JournalQuery) -> JournalPage:
        query = replace(self._with_shared(request), limit=max(1, min(request.limit, PAGE_LIMIT)))
        page: JournalPage = await self._engine.stores.queries.call(
            lambda database: database.journal.page(query), peer.number
        )
        return page

    async def _journal_count(self, peer: Peer, request: JournalQuery) -> JournalCount:
        query = self._with_shared(request)
        count: JournalCount = await self._engine.stores.queries.call(
            lambda database: database.journal.count(query), peer.number
        )
        return count

    def _with_shared(self, query: JournalQuery) -> JournalQuery:
        return replace(query, area_objects=self._engine.shared_by(query.area))

    async def _status(self, _peer: Peer, _request: m.Nothing) -> EngineStatus:
        return self._engine.status()

    async def _annotations(self, peer: Peer, request: AnnotationQuery) -> AnnotationPage:
        return await self._engine.annotations.page(request, peer.number)

    async def _annotate(self, peer: Peer, request: m.AnnotateRequest) -> Annotation:
        return await self._engine.annotations.add(request, self._engine.access.require(peer, Role.OPERATOR))

    async def _remove_annotation(self, peer: Peer, request: m.AnnotationRemoval) -> m.Nothing:
        await self._engine.annotations.remove(request.id, self._engine.access.require(peer, Role.OPERATOR))
        return m.Nothing()

    async def _substitutions(self, _peer: Peer, _request: m.Nothing) -> tuple[ActiveSubstitution, ...]:
        return self._engine.substitutions.active()

    async def _substitute(self, peer: Peer, request: m.SubstituteRequest) -> Substitution:
        return await self._engine.substitutions.set(request, self._engine.access.require(peer, Role.OPERATOR))

    async def _clear_substitution(self, peer: Peer, request: m.SubstitutionRemoval) -> Substitution:
        return await self._engine.substitutions.clear(request, self._engine.access.require(peer, Role.OPERATOR))

    async def _device(self, _peer: Peer, request: m.ReadRequest) -> dict[str, Sample]:
        found = {tag: self._engine.conditioning.hidden(tag) for tag in request.tags[:READ_LIMIT]}
        return {tag: sample for tag, sample in found.items() if sample is not None}

    async def _reload(self, peer: Peer, request: m.ReloadRequest) -> m.ReloadReport:
        """Without a session, who has this run's secret may: it is the account that the engine runs under."""
        session = self._engine.access.session(peer)
        if session is not None:
            session = self._engine.access.require(peer, Role.ENGINEER)
        return await self._engine.configuration.reload(request, session)
