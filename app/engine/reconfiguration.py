"""A changed project is taken while the engine runs: loaded, compared, applied, recorded, told to every console."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from app.engine.configured import Configured, needs_restart
from app.engine.records import Records
from app.link.messages import ProjectChanged, ReloadReport, ReloadRequest
from app.model.errors import EnvironmentProblem, StoreError
from app.model.plant import Plant
from app.model.text import LocalText
from app.model.user import Session
from app.project.diff import diff_plants

log = logging.getLogger(__name__)

SHOWN: int = 200
"""Changes told in full; beyond, their number."""


class Reconfiguration:
    """Owns the configuration that the engine runs. Belongs to the event loop.

    Attributes:
        plant: the configuration now.

    """

    def __init__(
        self,
        plant: Plant,
        configured: Configured,
        load: Callable[[Path], Plant],
        records: Records,
        announce: Callable[[ProjectChanged], None],
    ) -> None:
        """``load`` reads and checks a project folder; it is called in a thread."""
        self.plant = plant
        self._configured, self._load = configured, load
        self._records, self._announce = records, announce
        self._one_at_a_time = asyncio.Lock()

    async def reload(self, request: ReloadRequest, session: Session | None) -> ReloadReport:
        """Take the project folder as it is now; a change that is refused leaves everything as it was.

        Raises:
            ProjectError: the project has mistakes.
            EnvironmentProblem: the change needs a restart, there is no room for another store, or a command is under
                way.

        """
        async with self._one_at_a_time:
            new = await asyncio.to_thread(self._load, self.plant.folder)
            difference = diff_plants(self.plant, new)
            reasons = needs_restart(self.plant, new)
            if reasons:
                raise _restart(reasons)
            lines = difference.lines()
            if not lines:
                self.plant = new
                return ReloadReport((), ())
            if self._configured.dispatcher.is_busy:
                raise EnvironmentProblem(_BUSY)
            touched = await self._take(new)
        shown = tuple(lines[:SHOWN]) + ((f"and {len(lines) - SHOWN} more",) if len(lines) > SHOWN else ())
        log.info(
            "configuration changed, %d differences; connections touched: %s", len(lines), ", ".join(touched) or "none"
        )
        self._records.configuration(session, request.user, request.desk, shown, touched)
        self._announce(ProjectChanged(len(lines)))
        return ReloadReport(shown, touched)

    async def _take(self, new: Plant) -> tuple[str, ...]:
        before, successor = self.plant, await self._configured.prepare(self.plant, new)
        try:
            if self._configured.dispatcher.is_busy:  # since the store was begun
                raise EnvironmentProblem(_BUSY)
            self.plant = new
            return await self._configured.apply(before, new, successor)
        except StoreError:
            self.plant = before
            raise
        finally:
            if successor is not None:
                await asyncio.to_thread(successor.close)


def _restart(reasons: list[LocalText]) -> EnvironmentProblem:
    en, zh = "; ".join(each.en for each in reasons), "；".join(each.get("zh") for each in reasons)
    return EnvironmentProblem(
        LocalText(
            f"the engine must be restarted for this change, nothing was applied: {en}",
            f"此更改需要重启引擎，未应用任何内容：{zh}",
        )
    )


_BUSY = LocalText("a command is under way; reload when it has ended", "有命令正在执行，请在其结束后再重新加载")
