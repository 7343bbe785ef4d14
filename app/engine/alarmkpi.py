"""The figures of alarm management, computed in a thread that reads the database."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.alarms.kpi import LOOK_BACK_NS, KpiBasis, make_report, plant_period
from app.engine.queries import QueryPool
from app.link.server import Peer
from app.model.alarm import AlarmDefinition, AnnunciationState
from app.model.alarm_kpi import DAY_NS, LONGEST_PERIOD_NS, AlarmKpiReport, AlarmKpiRequest
from app.model.alarm_state import AlarmSnapshot
from app.model.clock import Clock
from app.model.errors import EnvironmentProblem
from app.model.plant import Plant
from app.model.text import LocalText

_ACTIVE: Final = frozenset({AnnunciationState.UNACKNOWLEDGED, AnnunciationState.ACKNOWLEDGED})


class AlarmKpiAnswers:
    """Answers ``alarm_kpi``. Belongs to the event loop, which only gathers what stands now."""

    def __init__(
        self,
        queries: QueryPool,
        plant: Callable[[], Plant],
        snapshots: Callable[[], Iterable[AlarmSnapshot]],
        clock: Clock,
    ) -> None:
        """``plant`` and ``snapshots`` give the project and the alarms as they are now."""
        self._queries, self._plant, self._snapshots, self._clock = queries, plant, snapshots, clock

    async def report(self, peer: Peer, request: AlarmKpiRequest) -> AlarmKpiReport:
        """Return the figures of a period.

        Raises:
            EnvironmentProblem: no such position, or no such period.
            DatabaseError: the database is away, or needs too long for so many rows.

        """
        plant = self._plant()
        concerns = _concerns(plant, request.position)
        zone = ZoneInfo(plant.time_zone)
        from_ns, to_ns = plant_period(request.from_ns, request.to_ns, self._clock.now_ns(), zone)
        if not 0 < to_ns - from_ns <= LONGEST_PERIOD_NS:
            raise EnvironmentProblem(_no_period())
        basis = KpiBasis(
            from_ns, to_ns, from_ns - LOOK_BACK_NS, zone, request.position,
            definitions=tuple(each for each in plant.alarms.values() if concerns(each.id, each.area)),
            still_standing=_standing(self._snapshots(), plant, concerns),
        )  # fmt: skip

        def work(database: Any) -> AlarmKpiReport:
            rows = database.alarm_stats.read(basis.read_from_ns, basis.to_ns, concerns)
            return make_report(rows, _known(basis, database.alarm_stats.begins_ns()))

        return await self._queries.call(work, peer.number)


def _known(basis: KpiBasis, begins_ns: int | None) -> KpiBasis:
    """Let the period begin where the journal does: of the time before nothing is known, and rates would look good."""
    if begins_ns is None or not basis.from_ns < begins_ns < basis.to_ns:
        return basis
    from_ns, _ = plant_period(begins_ns, basis.to_ns, basis.to_ns, basis.zone)
    return replace(basis, from_ns=from_ns)


def _concerns(plant: Plant, position: str) -> Callable[[str, str], bool]:
    """Return what tells of an alarm, and the area of its row, whether it comes to a position."""
    if not position:
        return lambda _alarm, _area: True
    if position not in plant.positions:
        allowed = ", ".join(plant.positions) or "-"
        raise EnvironmentProblem(
            LocalText(
                f"there is no operating position '{position}'; plant.toml has: {allowed}",
                f"没有操作岗位“{position}”；plant.toml 中有：{allowed}",
            )
        )
    areas = frozenset(plant.positions[position].areas)
    shared = {each.id for each in plant.alarms.values() if not areas.isdisjoint(each.areas)}
    return lambda alarm, area: area in areas or alarm in shared


def _standing(snapshots: Iterable[AlarmSnapshot], plant: Plant, concerns: Callable[[str, str], bool]) -> dict[str, int]:
    def area(each: AlarmSnapshot) -> str:
        known: AlarmDefinition | None = each.external.definition if each.external else plant.alarms.get(each.id)
        return known.area if known else ""

    return {
        each.id: each.time_in_ns
        for each in snapshots
        if each.active and each.state in _ACTIVE and not each.suppression and concerns(each.id, area(each))
    }


def _no_period() -> LocalText:
    days = LONGEST_PERIOD_NS // DAY_NS
    return LocalText(
        f"the period has no time before now, or is longer than {days} days; choose another one",
        f"所选时段没有已过去的时间，或超过 {days} 天，请另选时段",
    )
