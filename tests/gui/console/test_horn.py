"""The horn sounds for what is new, in the rhythm of its priority, and reminds of what was only silenced."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from app.console import horn as module
from app.console.horn import SOUNDS, Horn
from app.model.alarm import AlarmDefinition, AlarmKind, AnnunciationState, Priority
from app.model.alarm_state import AlarmSnapshot
from app.model.text import LocalText
from widgets.alarms.book import AlarmBook

SHOT = AlarmSnapshot("A.TURB.H", "1", AnnunciationState.UNACKNOWLEDGED, True, 1)
ACKED = AnnunciationState.ACKNOWLEDGED


def alarm(priority: Priority) -> AlarmDefinition:
    return AlarmDefinition(f"P{int(priority)}.H", f"P{int(priority)}", AlarmKind.HIGH, priority, LocalText("x"))


def shot(priority: Priority, state: AnnunciationState = AnnunciationState.UNACKNOWLEDGED) -> AlarmSnapshot:
    return AlarmSnapshot(f"P{int(priority)}.H", "1", state, True, 1)


def rhythm(horn: Horn) -> Priority | None:
    return horn.priority


@pytest.fixture
def book(qtbot: QtBot) -> AlarmBook:
    return AlarmBook({f"P{int(each)}.H": alarm(each) for each in Priority})


@pytest.fixture
def beeps(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    heard: list[int] = []

    class Desktop:
        @staticmethod
        def beep() -> None:
            heard.append(1)

    monkeypatch.setattr(module, "QApplication", Desktop)
    return heard


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


def test_the_rhythm_is_that_of_the_most_urgent_new_alarm(qtbot: QtBot, book: AlarmBook, beeps: list[int]) -> None:
    horn = Horn(book, book)
    book.apply(shot(Priority.LOW))
    assert (rhythm(horn), len(beeps)) == (Priority.LOW, 1)
    book.apply(shot(Priority.CRITICAL))
    assert rhythm(horn) is Priority.CRITICAL
    qtbot.waitUntil(lambda: len(beeps) == 1 + SOUNDS[Priority.CRITICAL].beeps)
    book.apply(shot(Priority.HIGH))
    assert rhythm(horn) is Priority.CRITICAL
    book.apply(shot(Priority.CRITICAL, ACKED))
    assert rhythm(horn) is Priority.HIGH
    for priority in (Priority.HIGH, Priority.LOW):
        book.apply(shot(priority, ACKED))
    assert rhythm(horn) is None


def test_silence_is_for_a_while_only(
    qtbot: QtBot, book: AlarmBook, beeps: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = replace(SOUNDS[Priority.HIGH], remind_ms=30)
    monkeypatch.setitem(SOUNDS, Priority.HIGH, quick)
    horn = Horn(book, book)
    book.apply(shot(Priority.HIGH))
    horn.silence()
    assert rhythm(horn) is None
    with qtbot.waitSignal(horn.changed):
        pass
    assert rhythm(horn) is Priority.HIGH
    horn.silence()
    assert horn.reminds_in_ms >= 0
    book.apply(shot(Priority.HIGH, ACKED))
    assert horn.reminds_in_ms == -1, "nothing waits any more"
    book.apply(shot(Priority.LOW))
    horn.silence()
    assert horn.reminds_in_ms == -1, "the lowest priority does not insist"
