"""Export of a trend: pictures, tables, print."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from app.model.tag import Tag
from widgets.trend.sampling import ExportKind
from widgets.trend.source import HistoryPages, TrendSource
from widgets.trend.tables import TableJob
from widgets.wording import Wording

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter


class TrendExporter(QObject):
    """Writes what a trend shows.

    Signals:
        finished(str): something was written, or why not. progressed(str): how far a table is.

    """

    finished = Signal(str)
    progressed = Signal(str)

    def __init__(
        self, picture: QWidget, source: TrendSource, wording: Wording, shown: Callable[[], tuple[list[Tag], int, int]],
        pages: HistoryPages | None = None,
    ) -> None:  # fmt: skip
        """``shown`` gives the tags and the window (ns since the epoch, UTC); ``pages``: history beside the source."""
        super().__init__(picture)
        self._picture, self._source, self._wording, self._shown = picture, source, wording, shown
        self._pages = pages
        self._jobs: list[TableJob] = []

    def write(self, path: Path, kind: ExportKind) -> TableJob:
        """Write a table, ``.xlsx`` or CSV by the file's name; ``finished`` follows."""
        job = TableJob(path, kind, self._shown(), self._source, self._pages, self._wording, self._picture)
        job.progressed.connect(self.progressed)
        job.confirm_wanted.connect(job.ask)
        job.ended.connect(partial(self._end, job))
        self._jobs.append(job)
        job.start()
        return job

    def cancel(self) -> None:
        """Give up all tables that are being written."""
        for job in self._jobs:
            job.give_up()

    def _end(self, job: TableJob, text: str) -> None:
        self._jobs.remove(job)
        self.finished.emit(text)

    def write_png(self, path: Path) -> bool:
        """Write a picture of plot and legend."""
        return self._picture.grab().save(str(path), "PNG")

    def copy_picture(self) -> None:
        """Put a picture on the clipboard."""
        QGuiApplication.clipboard().setPixmap(self._picture.grab())
        self.finished.emit(self.tr("Picture copied"))

    def print_on(self, printer: "QPrinter") -> bool:
        """Print plot and legend over the width of the page; tells False where the printer does not take it."""
        painter = QPainter()
        if not painter.begin(printer):
            return False
        picture = self._picture.grab()
        scaled = picture.size().scaled(painter.viewport().size(), Qt.AspectRatioMode.KeepAspectRatio)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(0, 0, scaled.width(), scaled.height(), picture)
        return painter.end()

    def ask_table(self, kind: ExportKind) -> None:
        """Ask for a file, and write a table."""
        name, _ = QFileDialog.getSaveFileName(
            self._picture, self.tr("Export the trend"), "trend.csv", "CSV (*.csv);;XLSX (*.xlsx)"
        )
        if name:
            self.write(Path(name), kind)

    def ask_png(self) -> None:
        """Ask for a file, and write a picture."""
        name, _ = QFileDialog.getSaveFileName(self._picture, self.tr("Export the picture"), "trend.png", "PNG (*.png)")
        if name and not self.write_png(Path(name)):
            self.finished.emit(self.tr("Not written: {0}").format(name))

    def ask_print(self) -> None:
        """Ask for a printer, and print."""
        from PySide6.QtGui import QPageLayout
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPageOrientation(QPageLayout.Orientation.Landscape)
        dialog = QPrintDialog(printer, self._picture)
        dialog.accepted.connect(lambda: self._print(printer))
        dialog.finished.connect(dialog.deleteLater)
        QDialog.open(dialog)

    def _print(self, printer: "QPrinter") -> None:
        if not self.print_on(printer):
            self.finished.emit(self.tr("Not printed"))
