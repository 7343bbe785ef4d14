"""The journal as a table for other programs: the columns of the page in its language, and the exact times."""

from collections.abc import Sequence

from PySide6.QtCore import Qt

from app.model.journal import JournalRow
from widgets.alarms.journal_model import JournalColumn, JournalModel


class JournalSheet:
    """A layout of app.export; its texts may be made in any thread."""

    def __init__(self, model: JournalModel) -> None:
        self._model = model
        titles = [str(model.headerData(column, Qt.Orientation.Horizontal)) for column in JournalColumn]
        self.header: Sequence[str] = (*titles, "id", "tag", "source_ns", "receive_ns", "journal_ns")

    def cells(self, row: JournalRow) -> Sequence[str | float | int | None]:
        """Return the cells of a row."""
        texts = [self._model.text(row, column) for column in JournalColumn]
        return (*texts, row.id, row.tag, row.source_ns, row.receive_ns, row.journal_ns)
