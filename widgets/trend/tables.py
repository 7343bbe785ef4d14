"""Tables of a trend, written in a thread of their own over ring and history: with progress, and given up at a word."""

import errno
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QMessageBox, QWidget

from app.model.errors import HaiheError
from app.model.history import UNASKED_ROWS
from app.model.tag import Tag
from widgets.trend.background import Background, GivenUp, Work
from widgets.trend.files import write_table
from widgets.trend.sampling import STEPS, ExportKind, ExportRow, rows
from widgets.trend.source import HistoryPages, TrendSource
from widgets.trend.whole import WholeSource
from widgets.wording import Wording

_TELL_S: Final = 0.5
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@dataclass(frozen=True, slots=True)
class _Progress:
    """``total``: about; where it ``asks``, that many raw samples, or more, are written only at a word."""

    rows: int
    total: int
    is_all: bool = True
    asks: bool = False


@dataclass(frozen=True, slots=True)
class _Written:
    rows: int
    waiting: int
    without_history: HaiheError | None


class TableJob(QObject):
    """One table.

    Signals:
        progressed(str): how far it is. ended(str): it was written, or why not.
        confirm_wanted(str): it would be very many rows, and waits for ``go_on`` or ``give_up``; the text asks.

    """

    progressed = Signal(str)
    confirm_wanted = Signal(str)
    ended = Signal(str)

    def __init__(
        self, path: Path, kind: ExportKind, shown: tuple[list[Tag], int, int], source: TrendSource,
        pages: HistoryPages | None, wording: Wording, owner: QWidget,
    ) -> None:  # fmt: skip
        """``shown``: tags and window (ns since the epoch, UTC). It ends with its owner."""
        super().__init__(owner)
        self._path, self._wording, self._owner = path, wording, owner
        tags, *span_ns = shown
        apart, sheet = source.apart(), self.tr("Trend")

        def work(line: Work) -> _Written:
            with apart as ring:
                whole = WholeSource(ring, pages, (span_ns[0], span_ns[1]), line)
                begun = _begin(whole, tags, kind)
                (line.ask if begun.asks else line.tell)(begun)
                waiting = whole.waiting()
                count = write_table(path, _watched(rows(whole, tags, kind), line, begun), wording, sheet)
                return _Written(count, max(waiting, whole.waiting()), whole.without_history)

        self._work = Background(work, self, "trend-export")
        self._work.told.connect(self._tell)
        self._work.done.connect(self._finish)
        self._work.failed.connect(self._fail)

    def start(self) -> None:
        """Begin."""
        self._work.start()

    def go_on(self) -> None:
        """Write what was asked about."""
        self._work.work.go_on()

    def give_up(self) -> None:
        """Write no more; what was there under its name stays."""
        self._work.give_up()

    def ask(self, text: str) -> None:
        """Show how many rows it would be, and ask; the window does not wait."""
        ok, no = QMessageBox.StandardButton.Ok, QMessageBox.StandardButton.Cancel
        box = QMessageBox(QMessageBox.Icon.Question, self.tr("Export the trend"), text, ok | no, self._owner)
        box.setDefaultButton(no)
        box.accepted.connect(self.go_on)
        box.rejected.connect(self.give_up)
        box.finished.connect(box.deleteLater)
        self.ended.connect(box.close)
        QDialog.open(box)

    def _tell(self, news: _Progress) -> None:
        total = self._wording.number(news.total, 0)
        total = total if news.is_all else self.tr("more than {0}").format(total)
        if news.asks:
            self.confirm_wanted.emit(self.tr("Write {0} raw samples to {1}?").format(total, self._path.name))
        else:
            done = self._wording.number(news.rows, 0)
            self.progressed.emit(self.tr("{0} of about {1} rows written… (Esc gives up)").format(done, total))

    def _finish(self, written: _Written) -> None:
        text = self.tr("{0} rows written to {1}").format(written.rows, self._path.name)
        if written.without_history is not None:
            why = self._wording.error(written.without_history)
            text = self.tr("{0}; without samples that came late, for history does not answer: {1}").format(text, why)
        if written.waiting:
            waits = self.tr("{0}; older ones may be missing, for {1} samples still wait for the database")
            text = waits.format(text, self._wording.number(written.waiting, 0))
        self._end(text)

    def _fail(self, error: Exception) -> None:
        if isinstance(error, GivenUp):
            self._end(self.tr("Export given up; nothing was written"))
        elif isinstance(error, HaiheError):
            self._end(self.tr("Not written: {0}").format(self._wording.error(error)))
        else:
            self._end(self._disk_text(error))

    def _disk_text(self, error: Exception) -> str:
        folder = self._path.parent
        if isinstance(error, OSError) and error.errno in _FULL:
            return self.tr("Not written: no room left in {0}; free some, or choose another folder").format(folder)
        reason = (error.strerror if isinstance(error, OSError) else None) or error
        return self.tr("Not written: {0}: {1}; choose another folder").format(folder, reason)

    def _end(self, text: str) -> None:
        self.ended.emit(text)
        self.deleteLater()


def _begin(whole: WholeSource, tags: list[Tag], kind: ExportKind) -> _Progress:
    if kind is not ExportKind.RAW:
        return _Progress(0, len(tags) * STEPS)
    counts = [whole.count(tag.name) for tag in tags]
    total = sum(count for count, _ in counts)
    return _Progress(0, total, all(exact for _, exact in counts), total > UNASKED_ROWS)


def _watched(found: Iterable[ExportRow], line: Work, begun: _Progress) -> Iterator[ExportRow]:
    told = time.monotonic()
    for number, row in enumerate(found):
        if number % 100 == 0 and time.monotonic() - told > _TELL_S:
            told = time.monotonic()
            line.tell(_Progress(number, max(begun.total, number), begun.is_all))
        yield row
    line.look()
