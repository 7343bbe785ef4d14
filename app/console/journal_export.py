"""Writes the rows of a filter of the journal into a file, over the link, while the window goes on."""

from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal

from app.console.bridge import EngineBridge
from app.export import ExportProgress, export_journal, journal_pages
from app.model.clock import Clock, SystemClock
from app.model.errors import EnvironmentProblem, HaiheError
from app.model.journal import JournalQuery
from app.model.text import LocalText
from widgets.alarms.journal_sheet import JournalSheet
from widgets.wording import Wording

if TYPE_CHECKING:
    from app.link.client import EngineClient


class JournalExport(QObject):
    """One file at a time; what is there already stays as it was until the new one is whole.

    Signals:
        progressed(int, float): rows written, and the part (0 to 1) of the time that they cover.
        ended(str): what became of it.

    """

    progressed = Signal(int, float)
    ended = Signal(str)

    def __init__(
        self, bridge: EngineBridge, wording: Wording, parent: QObject | None = None, clock: Clock | None = None
    ) -> None:
        super().__init__(parent)
        self._bridge, self._wording, self._clock = bridge, wording, clock or SystemClock()
        self._call: Future[None] | None = None
        self._cancelled = False

    def start(self, path: Path, query: JournalQuery, sheet: JournalSheet) -> None:
        """Write a file, ``.xlsx`` or CSV by its name; rows that come meanwhile are not in it."""
        if self._call is not None:
            return
        end_ns = query.to_ns or self._clock.now_ns()
        asked = replace(query, to_ns=end_ns)

        def told(progress: ExportProgress) -> None:
            self.progressed.emit(progress.rows, progress.part)

        async def work(client: "EngineClient") -> int:
            try:
                return await export_journal(path, sheet, journal_pages(client.journal, asked), end_ns, told)
            except OSError as error:
                why = error.strerror or str(error)
                words = LocalText(f"{path} cannot be written: {why}", f"无法写入 {path}：{why}")
                raise EnvironmentProblem(words) from error

        def done(rows: int) -> None:
            self._call = None
            words = QCoreApplication.translate("JournalExport", "{0} rows written to {1}")
            self.ended.emit(words.format(self._wording.number(rows, 0), path.name))

        def failed(error: HaiheError) -> None:
            self._call = None
            cancelled = QCoreApplication.translate("JournalExport", "Cancelled; no file was written")
            self.ended.emit(cancelled if self._cancelled else self._wording.error(error))

        self._cancelled = False
        self._call = self._bridge.call(work, done, failed, self)

    def cancel(self) -> None:
        """Write no further."""
        if self._call is not None:
            self._cancelled = True
            self._call.cancel()
