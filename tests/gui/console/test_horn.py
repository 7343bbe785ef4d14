"""The horn sounds for what is new, also when it came while there was no link."""

from dataclasses import replace

from pytestqt.qtbot import QtBot

from app.console.horn import Horn
from app.model.alarm import AnnunciationState
from app.model.alarm_state import AlarmSnapshot
from widgets.alarms.book import AlarmBook

SHOT = AlarmSnapshot("A.TURB.H", "1", AnnunciationState.UNACKNOWLEDGED, True, 1)


def test_an_alarm_that_came_without_a_link_sounds_once_it_is_known(qtbot: QtBot) -> None:
    heard: list[bool] = []
    book = AlarmBook({})
    horn = Horn(book, book)
    horn.changed.connect(heard.append)
    book.replace([SHOT])
    assert heard == [True]
    horn.silence()
    book.forget()
    book.replace([SHOT])
    assert heard == [True, False], "it was silenced here already"
    book.forget()
    with qtbot.waitSignal(book.raised):
        book.replace([replace(SHOT, event_id="2")])
    assert heard == [True, False, True]
    book.apply(replace(SHOT, event_id="2", state=AnnunciationState.ACKNOWLEDGED))
    assert heard == [True, False, True, False]
