"""Export of a trend: pictures, tables, print. Files are written in a thread of their own; the window does not wait."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from app.model.tag import Tag
from widgets.trend.files import write_csv, write_xlsx
from widgets.trend.sampling import ExportKind, rows
from widgets.trend.source import TrendSource
from widgets.wording import Wording

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

_STEPS: Final = 1000


class TrendExporter(QObject):
    """Writes what a trend shows.

    Signals:
        finished(str): a file was written, or why not.

    """

    finished = Signal(str)
    _ended = Signal(str)

    def __init__(
        self, picture: QWidget, source: TrendSource, wording: Wording, shown: Callable[[], tuple[list[Tag], int, int]]
    ) -> None:
        """``shown`` gives the tags and the window (ns since the epoch, UTC)."""
        super().__init__(picture)
        self._picture, self._source, self._wording, self._shown = picture, source, wording, shown
        self._ended.connect(self.finished, Qt.ConnectionType.QueuedConnection)

    def write(self, path: Path, kind: ExportKind) -> threading.Thread:
        """Write a table, ``.xlsx`` or CSV by the file's name; ``finished`` follows."""
        tags, start_ns, end_ns = self._shown()
        found = list(rows(self._source, tags, kind, start_ns, end_ns, _STEPS))
        sheet, done, failed = self.tr("Trend"), self.tr("{0} rows written to {1}"), self.tr("Not written: {0}")

        def work() -> None:
            try:
                if path.suffix.lower() == ".xlsx":
                    count = write_xlsx(path, found, self._wording, sheet)
                else:
                    count = write_csv(path, found, self._wording)
            except OSError as error:
                self._ended.emit(failed.format(error.strerror or error))
            else:
                self._ended.emit(done.format(count, path.name))

        thread = threading.Thread(target=work, name="trend-export", daemon=True)
        thread.start()
        return thread

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
