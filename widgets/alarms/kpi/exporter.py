"""Export of a report: asks for the file, and writes it in a thread of its own."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from app.model.alarm_kpi import AlarmKpiReport
from app.model.errors import HaiheError
from app.model.plant import Plant
from widgets.alarms.kpi.pictures import report_pictures
from widgets.trend.background import Background, GivenUp
from widgets.wording import Wording


class KpiExporter(QObject):
    """Writes a report as PDF or XLSX.

    Signals:
        finished(str): it was written, or why not.

    """

    finished = Signal(str)

    def __init__(self, plant: Plant, wording: Wording, parent: QWidget) -> None:
        super().__init__(parent)
        self._plant, self._wording, self._parent = plant, wording, parent

    def ask_pdf(self, report: AlarmKpiReport | None) -> None:
        """Ask for a file, and write a PDF."""
        self._ask(report, "pdf", "PDF (*.pdf)", self.write_pdf)

    def ask_xlsx(self, report: AlarmKpiReport | None) -> None:
        """Ask for a file, and write a workbook."""
        self._ask(report, "xlsx", "XLSX (*.xlsx)", self.write_xlsx)

    def write_pdf(self, path: Path, report: AlarmKpiReport) -> None:
        """Write a PDF; ``finished`` follows. Its pictures are painted first, one a turn of the event loop."""
        from widgets.alarms.kpi.pdf import write_pdf

        left, pictures = report_pictures(report, self._plant, self._wording), dict[str, QImage]()

        def paint() -> None:
            painted = next(left, None)
            if painted is None:
                self._write(path, lambda: write_pdf(path, report, pictures, self._plant, self._wording))
                return
            pictures[painted[0]] = painted[1]
            QTimer.singleShot(0, self, paint)

        paint()

    def write_xlsx(self, path: Path, report: AlarmKpiReport) -> None:
        """Write a workbook; ``finished`` follows."""
        from widgets.alarms.kpi.workbook import write_workbook

        self._write(path, lambda: write_workbook(path, report, self._plant, self._wording))

    def _ask(
        self, report: AlarmKpiReport | None, suffix: str, kinds: str, write: Callable[[Path, AlarmKpiReport], None]
    ) -> None:
        if report is None:
            return
        suggested = f"alarm-figures-{self._wording.date(report.to_ns)}.{suffix}"
        name, _ = QFileDialog.getSaveFileName(self._parent, self.tr("Export the figures"), suggested, kinds)
        if name:
            path = Path(name)
            write(path if path.suffix else path.with_suffix(f".{suffix}"), report)

    def _write(self, path: Path, do: Callable[[], None]) -> None:
        task = Background(lambda _work: do(), self, "alarm-kpi-export")
        task.done.connect(lambda _: self.finished.emit(self.tr("Written: {0}").format(path)))
        task.failed.connect(lambda error: self.finished.emit(self.tr("Not written: {0}").format(self._why(error))))
        task.start()

    def _why(self, error: Exception) -> str:
        if isinstance(error, HaiheError):
            return self._wording.error(error)
        if isinstance(error, GivenUp):
            return self.tr("given up")
        return getattr(error, "strerror", None) or str(error)
