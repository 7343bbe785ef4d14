"""The order of one subscription's notifications, by their numbers; those that are missing are to be asked for."""

from collections.abc import Iterator
from typing import Final

from app.model.clock import Clock
from app.model.text import LocalText
from connectors.opcua.faults import NotificationMissing
from connectors.opcua.notifications import Notification

LATE_S: Final = 1.0
"""After this long a notification that others have overtaken does not come by itself any more."""
MOST_AHEAD: Final = 100
"""So far a notification may be ahead of the one that is due; further, and too much is missing to be asked for."""
_REMEMBERED: Final = 10 * MOST_AHEAD
_NUMBERS: Final = 0xFFFFFFFF
"""They begin anew with 1 after this one."""


class Order:
    """Takes notifications as they come and hands them on as they are due; used from the event loop."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last: int | None = None
        self._early: dict[int, Notification] = {}
        self._waiting_since: float | None = None
        self._told_next: int | None = None
        self._asked: set[int] = set()
        self._gone: set[int] = set()

    def take(self, notification: Notification) -> Iterator[Notification]:
        """Take what the server sent and yield the notifications that are due, each when its number is reached.

        A keep-alive is never yielded; it tells the number of the notification that comes next.

        Raises:
            NotificationMissing: too many are missing, or one that the server has no more, or one comes again unasked.

        """
        number = notification.sequence
        due = number if self._last is None else _after(self._last)
        ahead = _distance(due, number)
        if notification.is_keepalive:
            if self._last is not None and 0 < ahead <= MOST_AHEAD:
                self._told_next = number
                self._begin_to_wait()
            return
        if ahead > MOST_AHEAD:
            if number in self._asked:  # it came twice: by itself, and because it was asked for
                self._asked.discard(number)
                return
            raise self._lost()
        self._early[number] = notification
        while (one := self._early.pop(due, None)) is not None:
            self._last = due
            self._waiting_since = None
            yield one
            due = _after(due)
        if self._early:
            if due in self._gone:
                raise self._lost()
            self._begin_to_wait()

    def missing(self, most_early: int) -> list[int]:
        """Return the numbers to be asked for now, each once: others have overtaken them, and they are late.

        ``most_early``: answers that can be under way at once; when more have overtaken one, it is late already.
        """
        if self._last is None or self._waiting_since is None:
            return []
        due = _after(self._last)
        reach = max((_distance(due, number) for number in self._early), default=0)
        is_late = self._clock.monotonic() - self._waiting_since >= LATE_S
        if not is_late and reach <= most_early and len(self._early) < most_early:
            return []
        if self._told_next is not None and is_late:
            told = _distance(due, self._told_next)
            reach = max(reach, told) if told <= MOST_AHEAD else reach
        numbers = [(due + n - 1) % _NUMBERS + 1 for n in range(reach)]
        wanted = [number for number in numbers if number not in self._early and number not in self._asked]
        self._asked = {number for number in self._asked if _is_near(number, due)}.union(wanted)
        return wanted

    def give_up(self, number: int) -> None:
        """Note that the server has a notification no more.

        Without others behind it the session goes on: all that says so is the number in a keep-alive, which some
        servers count wrongly.

        Raises:
            NotificationMissing: others wait for it.

        """
        self._gone = {other for other in self._gone if _is_near(other, number)} | {number}
        if self._last is not None and _after(self._last) == number and self._early:
            raise self._lost()

    def _begin_to_wait(self) -> None:
        if self._waiting_since is None:
            self._waiting_since = self._clock.monotonic()

    def _lost(self) -> NotificationMissing:
        number = 1 if self._last is None else _after(self._last)
        return NotificationMissing(
            LocalText(
                f"notification {number} is missing; reading everything anew",
                f"缺少通知 {number}；正在重新读取全部数据",
            )
        )


def _after(number: int) -> int:
    return number % _NUMBERS + 1


def _distance(start: int, end: int) -> int:
    """Return how many numbers ``end`` is behind ``start``, going forward."""
    return (end - start) % _NUMBERS


def _is_near(number: int, due: int) -> bool:
    return _distance(due, number) <= MOST_AHEAD or _distance(number, due) <= _REMEMBERED
