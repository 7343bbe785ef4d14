"""Notes on a trend: written, shown as marks, listed and removed; marks of alarms that returned."""

from collections.abc import Callable, Sequence

import pytest
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QHelpEvent, QTextDocument
from PySide6.QtWidgets import QToolTip
from pytestqt.qtbot import QtBot

from app.model.alarm import Priority
from app.model.clock import SECOND_NS
from app.model.plant import Plant
from tests.gui.trend.site import Store
from widgets.live import TagHub
from widgets.theme import ThemeManager
from widgets.trend.markers import Marker, MarkerKind, Take
from widgets.trend.markertext import marker_text
from widgets.trend.notedialog import NoteDialog
from widgets.trend.notelist import NoteList
from widgets.trend.source import HubSource
from widgets.trend.workspace import TrendWorkspace
from widgets.wording import Wording

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support raise")


class Desk(QObject):
    """Keeps notes in memory as the engine would; answers in a later turn of the event loop."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.why_not = ""
        self.refusal = ""
        self.notes: list[Marker] = []
        self.cut_ns: int | None = None

    def may_remove(self, author: str) -> bool:
        return author == "anna"

    def add(self, at_ns: int, text: str, tag: str, done: Callable[[], None], failed: Callable[[str], None]) -> None:
        def answer() -> None:
            if self.refusal:
                failed(self.refusal)
                return
            self.notes.append(Marker(at_ns, MarkerKind.NOTE, tag, text, id=len(self.notes) + 1, author="anna"))
            done()
            self.changed.emit()

        QTimer.singleShot(0, answer)

    def remove(self, number: int, failed: Callable[[str], None]) -> None:
        def answer() -> None:
            self.notes = [note for note in self.notes if note.id != number]
            self.changed.emit()

        QTimer.singleShot(0, answer)

    def request(self, start_ns: int, end_ns: int, tags: Sequence[str], take: Take) -> None:
        QTimer.singleShot(0, lambda: take([n for n in self.notes if start_ns <= n.at_ns < end_ns], self.cut_ns))


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def trend(qtbot: QtBot, plant: Plant, hub: TagHub, desk: Desk) -> TrendWorkspace:
    made = TrendWorkspace(
        plant, HubSource(hub), hub.sample, ThemeManager("light", hub), Wording("Asia/Shanghai"),
        markers=desk, notes=desk,
    )  # fmt: skip
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show()
    qtbot.waitExposed(made)
    return made


def write(trend: TrendWorkspace) -> NoteDialog:
    assert trend.notes is not None
    trend.notes.write()
    return next(iter(trend.findChildren(NoteDialog)))


def shown(tip: str) -> str:
    """Return what is read in a tool tip: Qt takes it for rich text where it looks like that."""
    document = QTextDocument()
    (document.setHtml if "<" in tip else document.setPlainText)(tip)
    return document.toPlainText()


def listed(trend: TrendWorkspace) -> NoteList:
    assert trend.notes is not None
    trend.notes.list()
    return next(iter(trend.findChildren(NoteList)))


def test_a_note_at_the_ruler_becomes_a_mark(qtbot: QtBot, trend: TrendWorkspace, store: Store, desk: Desk) -> None:
    end = store.start_ns / SECOND_NS
    trend.navigator.show_range(end - 1000, end)
    trend.plot.rulers.set(0, end - 300)
    dialog = write(trend)
    assert not dialog.agree.isEnabled()
    dialog.text.setText("backwash")
    assert dialog.tag.currentData() == "A.FLOW"
    dialog.agree.click()
    qtbot.waitUntil(lambda: [one.text for one in trend.markers.near(end - 300, 1.0)] == ["backwash"])
    assert abs(desk.notes[0].at_ns - (end - 300) * SECOND_NS) < 1000
    assert marker_text(desk.notes[0], trend.wording).endswith("Note · A.FLOW · backwash · anna")
    qtbot.waitUntil(lambda: not trend.findChildren(NoteDialog))


def test_what_is_refused_is_said_and_the_text_stays(qtbot: QtBot, trend: TrendWorkspace, desk: Desk) -> None:
    dialog = write(trend)
    dialog.text.setText("backwash")
    dialog.time.setText("tomorrow")
    assert not dialog.agree.isEnabled()
    assert "tomorrow" in dialog.why.text()
    dialog.time.setText("2999-01-01 00:00")
    assert not dialog.agree.isEnabled()
    dialog.time.setText("2026-02-28 06:30")
    desk.refusal = "the database is away"
    dialog.agree.click()
    qtbot.waitUntil(lambda: dialog.why.text() == "the database is away")
    assert dialog.text.text() == "backwash"
    desk.refusal = ""
    dialog.agree.click()
    qtbot.waitUntil(lambda: len(desk.notes) == 1)


def test_an_answer_after_the_dialog_was_closed_harms_nothing(qtbot: QtBot, trend: TrendWorkspace, desk: Desk) -> None:
    dialog = write(trend)
    dialog.text.setText("backwash")
    dialog.wanted.emit(1, "backwash", "")
    dialog.reject()
    dialog.deleteLater()
    qtbot.waitUntil(lambda: len(desk.notes) == 1)


def test_without_a_login_it_says_why(trend: TrendWorkspace, desk: Desk) -> None:
    desk.why_not = "Log in to operate"
    assert trend.notes is not None
    trend.notes.write()
    assert trend.findChildren(NoteDialog) == []
    assert trend.tools.note.text() == "Log in to operate"


def test_notes_are_listed_and_removed_by_who_may(qtbot: QtBot, trend: TrendWorkspace, store: Store, desk: Desk) -> None:
    at = store.start_ns - 100 * SECOND_NS
    desk.notes = [Marker(at, MarkerKind.NOTE, "A.FLOW", "mine", id=1, author="anna"),
                  Marker(at + 1, MarkerKind.NOTE, "", "hers", id=2, author="li")]  # fmt: skip
    desk.changed.emit()
    qtbot.waitUntil(lambda: len(trend.markers.markers) == 2)
    dialog = listed(trend)
    texts = [dialog.table.item(row, 2).text() for row in range(dialog.table.rowCount())]  # type: ignore[union-attr]
    assert texts == ["hers", "mine"]
    dialog.table.selectRow(0)
    assert not dialog.remove.isEnabled()
    assert "supervisor" in dialog.why.text()
    dialog.table.selectRow(1)
    dialog.remove.click()
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 1)
    assert [note.id for note in desk.notes] == [2]
    dialog.close()


def test_what_looks_like_markup_in_a_note_is_shown_as_it_was_typed(
    trend: TrendWorkspace, store: Store, qtbot: QtBot, desk: Desk
) -> None:
    typed = '<b>2 < 3</b> & <img src="/etc/motd">  😀\nsecond line'
    desk.notes = [Marker(store.start_ns - 100 * SECOND_NS, MarkerKind.NOTE, "", typed, id=1, author="<i>li</i>")]
    desk.changed.emit()
    qtbot.waitUntil(lambda: len(trend.markers.markers) == 1)
    start, end = trend.plot.span
    x = (store.start_ns / SECOND_NS - 100 - start) / (end - start) * trend.plot.box.width()
    at = trend.plot._view.mapFromScene(trend.plot.box.mapToScene(QPointF(x, 8.0)))
    trend.plot.event(QHelpEvent(QEvent.Type.ToolTip, at, trend.plot.mapToGlobal(at)))
    assert shown(QToolTip.text()).endswith(f"{typed} · <i>li</i>")
    dialog = listed(trend)
    item = dialog.table.item(0, 2)
    assert item is not None
    assert item.text() == shown(item.toolTip()) == typed
    dialog.close()
    QToolTip.hideText()
    trend.say("'<b>soon</b>' is no time")
    assert trend.tools.note.textFormat() is Qt.TextFormat.PlainText


def test_too_many_marks_are_said(qtbot: QtBot, trend: TrendWorkspace, store: Store, desk: Desk) -> None:
    desk.cut_ns = store.start_ns
    desk.changed.emit()
    qtbot.waitUntil(lambda: "zoom in" in trend.tools.note.text())


def test_a_return_is_outlined_and_a_raise_goes_before_it(trend: TrendWorkspace, store: Store) -> None:
    at = store.start_ns - 100 * SECOND_NS
    raised = Marker(at, MarkerKind.ALARM, "A.FLOW", "high", Priority.LOW)
    returned = Marker(at, MarkerKind.RETURN, "A.FLOW", "high", Priority.CRITICAL)
    color = trend.themes.theme.priority_color(Priority.CRITICAL).rgb()

    def colored(marker: Marker) -> int:
        trend.markers.markers = [marker]
        trend.plot.redraw()
        image = trend.plot._canvas._image
        return sum(image.pixel(x, y) == color for y in range(3, 18) for x in range(image.width()))

    assert 0 < colored(returned) < colored(Marker(at, MarkerKind.ALARM, "A.FLOW", "high", Priority.CRITICAL)) / 2
    trend.markers.markers = [returned, raised]
    seen: list[list[Marker]] = []
    apart = trend.markers._apart
    trend.plot.layers.insert(0, lambda frame: seen.append(apart(frame)))
    trend.plot.redraw()
    assert seen[-1] == [raised]
