"""Asks what to do when somebody else saved a trend group since it was opened here."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QMessageBox, QPushButton, QWidget

from widgets.trend.groups import Conflict
from widgets.wording import Wording


class ConflictDialog(QMessageBox):
    """Nothing is saved and nothing is lost until one is chosen; ``open`` shows it, and it deletes itself.

    Signals:
        replace_wanted(): save over theirs. rename_wanted(): save under another name. theirs_wanted(): show theirs.

    """

    replace_wanted = Signal()
    rename_wanted = Signal()
    theirs_wanted = Signal()

    def __init__(self, conflict: Conflict, wording: Wording, parent: QWidget) -> None:
        super().__init__(parent)
        self.setIcon(QMessageBox.Icon.Question)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWindowTitle(self.tr("Save the group"))
        title = wording.text(conflict.mine.title) or conflict.mine.id
        self.setText(self.tr("The group '{0}' was saved by somebody else since you opened it.").format(title))
        self.setInformativeText(self._difference(conflict))
        self.rename = self._button(self.tr("Save under another name…"), QMessageBox.ButtonRole.AcceptRole)
        self.replace = self._button(self.tr("Replace theirs"), QMessageBox.ButtonRole.DestructiveRole)
        self.theirs = self._button(self.tr("Show theirs"), QMessageBox.ButtonRole.ActionRole)
        self.theirs.setToolTip(self.tr("What you changed is given up"))
        self.theirs.setEnabled(conflict.theirs is not None)
        self.cancel = self._button(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(self.rename)
        self.setEscapeButton(self.cancel)
        self.buttonClicked.connect(self._chosen)
        self.finished.connect(self.deleteLater)

    def open(self) -> None:  # type: ignore[override]  # of QMessageBox's two, that of QDialog
        """Show it; the window does not wait."""
        QDialog.open(self)

    def _button(self, text: str, role: QMessageBox.ButtonRole) -> QPushButton:
        return self.addButton(text, role)

    def _chosen(self, button: object) -> None:
        for own, signal in (
            (self.rename, self.rename_wanted), (self.replace, self.replace_wanted), (self.theirs, self.theirs_wanted),
        ):  # fmt: skip
            if button is own:
                signal.emit()

    def _difference(self, conflict: Conflict) -> str:
        if conflict.theirs is None:
            return self.tr("What is there now cannot be read.")
        mine, theirs = conflict.mine.tags, conflict.theirs.tags
        lines = []
        for words, tags in (
            (self.tr("Only in theirs: {0}"), [tag for tag in theirs if tag not in mine]),
            (self.tr("Only in yours: {0}"), [tag for tag in mine if tag not in theirs]),
        ):
            if tags:
                lines.append(words.format(", ".join(tags)))
        return "\n".join(lines) or self.tr("Both have the same tags; the period, scales or lines differ.")
