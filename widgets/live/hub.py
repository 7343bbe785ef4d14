"""The one place where live values enter the window."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from app.model import status as st
from app.model.alarm_state import AlarmSnapshot
from app.model.clock import SECOND_NS, Clock, SystemClock
from app.model.columns import typed
from app.model.errors import StoreError
from app.model.plant import Plant
from app.model.sample import Sample
from app.model.tag import Tag
from widgets.live.alarms import AlarmTable
from widgets.live.source import LiveSource
from widgets.live.subscription import Batch, Subscription

logger = logging.getLogger(__name__)

PERIOD_MS: Final = 100
HEARTBEAT_LIMIT_NS: Final = 2 * SECOND_NS
_RETRY_TICKS: Final = 10
_BLINK_TICKS: Final = 5


class TagHub(QObject):
    """Reads the trend store on one timer and hands batches to subscribers. GUI thread only; never blocks on I/O.

    Signals:
        engine_alive(bool): the engine's heartbeat came back, or is older than 2 s. All values are then stale.
        ticked(int): end of a tick (now, ns since the epoch, UTC), after every batch was delivered.
        blinked(bool): phase of unacknowledged marks, every half second.
        alarms_changed(): set_alarms or change_alarms was called.

    """

    engine_alive = Signal(bool)
    ticked = Signal(object)
    blinked = Signal(bool)
    alarms_changed = Signal()

    def __init__(
        self,
        plant: Plant,
        open_source: Callable[[], LiveSource],
        clock: Clock | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Make a hub for a plant; ``open_source`` opens its store and may raise StoreError (retried each second).

        It may be called in any thread, for a reader of that thread's own.
        """
        super().__init__(parent)
        self.plant = plant
        self.alarms = AlarmTable(plant)
        self.blink_on = True
        self.open_source = open_source
        self._clock = clock or SystemClock()
        self._source: LiveSource | None = None
        self._cursor = 0
        self._alive = False
        self._ticks = 0
        self._retry_at = 0
        self._slots: dict[int, str] = {}
        self._numbers: dict[str, int] = {}
        self._listeners: dict[str, list[Subscription]] = {}
        self._all: dict[Subscription, None] = {}
        self._latest: dict[str, Sample] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(PERIOD_MS)
        self._timer.timeout.connect(self.tick)

    # -- reading ------------------------------------------------------------------------------------------------

    @property
    def source(self) -> LiveSource | None:
        """The open store reader, for trends; None while there is no store. It is replaced when the store is."""
        return self._source

    @property
    def alive(self) -> bool:
        """Whether the engine's heartbeat is fresh."""
        return self._alive

    def now_ns(self) -> int:
        """Return the time by the hub's clock (ns since the epoch, UTC)."""
        return self._clock.now_ns()

    def tag(self, name: str) -> Tag | None:
        """Return a tag's definition."""
        return self.plant.tags.get(name)

    def slot(self, name: str) -> int | None:
        """Return the slot of a tag in the store; None while unknown."""
        source = self._source
        if source is None:
            return None
        found = self._numbers.get(name)
        if found is None:
            try:
                found = self._numbers[name] = int(source.slot(name))
            except KeyError:
                return None
        return found

    def sample(self, name: str) -> Sample | None:
        """Return the newest sample of a tag as it is to be shown; None where the store has no such tag."""
        found = self._latest.get(name)
        if found is None:
            slot = self.slot(name)
            if slot is None or self._source is None:
                return None
            try:
                found = self._typed(name, self._source.sample(slot))
            except StoreError:
                self._drop_source()
                return None
            if name in self._listeners:
                self._latest[name] = found
        return found if self._alive else _stale(found)

    def window(self, name: str, start_ns: int, end_ns: int, columns: int) -> Any | None:
        """Return the envelope of a tag's window (app.trend.Envelope), or None while there is no store."""
        slot = self.slot(name)
        if slot is None or self._source is None or columns < 1:
            return None
        try:
            return self._source.window(slot, start_ns, end_ns, columns)
        except StoreError as error:
            logger.debug("no window of %s: %s", name, error)
            return None

    # -- subscribing --------------------------------------------------------------------------------------------

    def subscribe(self, tags: Iterable[str], callback: Callable[[Batch], None]) -> Subscription:
        """Deliver batches of the given tags to ``callback``, the known samples at once. Close it when done."""
        subscription = Subscription(self, tags, callback)
        self._all[subscription] = None
        for tag in subscription.tags:
            self._listeners.setdefault(tag, []).append(subscription)
            slot = self.slot(tag)
            if slot is not None:
                self._slots[slot] = tag
            sample = self.sample(tag)
            if sample is not None:
                subscription.put(tag, sample)
        subscription.deliver()
        return subscription

    def _release(self, subscription: Subscription) -> None:
        self._all.pop(subscription, None)
        for tag in subscription.tags:
            listeners = self._listeners.get(tag, [])
            if subscription in listeners:
                listeners.remove(subscription)
            if not listeners:
                self._listeners.pop(tag, None)
                self._latest.pop(tag, None)

    @property
    def subscription_count(self) -> int:
        """Number of open subscriptions (a closed window must leave none)."""
        return len(self._all)

    def set_alarms(self, snapshots: Iterable[AlarmSnapshot]) -> None:
        """Take the engine's alarm states; values then carry their marks."""
        self.alarms = AlarmTable(self.plant, snapshots)
        self.alarms_changed.emit()

    def change_alarms(self, snapshots: Iterable[AlarmSnapshot]) -> None:
        """Take changes of alarm states; those of the other alarms stay."""
        self.alarms.known = True
        self.alarms.take(snapshots)
        self.alarms_changed.emit()

    # -- the tick -----------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the timer (10 Hz) with a tick at once."""
        self.tick()
        self._timer.start()

    def stop(self) -> None:
        """Stop the timer and drop the store; subscriptions stay."""
        self._timer.stop()
        self._drop_source()

    def _drop_source(self) -> None:
        if self._source is not None:
            self._source.close()
            self._source = None

    def tick(self) -> None:
        """Read what changed and deliver it. Driven by the timer; tests call it."""
        now = self._clock.now_ns()
        self._ensure_source()
        self._ticks += 1
        source = self._source
        if source is not None:
            try:
                self._read(source)
            except StoreError as error:
                logger.warning("trend store given up: %s", error)
                self._drop_source()
        self._check_heartbeat(now)
        for subscription in list(self._all):
            subscription.deliver()
        if self._ticks % _BLINK_TICKS == 0:
            self.blink_on = not self.blink_on
            self.blinked.emit(self.blink_on)
        self.ticked.emit(now)

    def _ensure_source(self) -> None:
        if self._source is not None and self._source.is_current():
            return
        if self._source is None and self._ticks < self._retry_at:
            return
        self._retry_at = self._ticks + _RETRY_TICKS
        self._drop_source()
        try:
            self._source = self.open_source()
        except (StoreError, OSError) as error:
            logger.debug("trend store not open: %s", error)
            return
        self._cursor = 0
        self._numbers.clear()
        self._slots.clear()
        for tag, listeners in self._listeners.items():
            slot = self.slot(tag)
            if slot is not None:
                self._slots[slot] = tag
            elif self._latest.pop(tag, None) is not None:  # the engine does not run it any more: nothing stands for it
                now_ns = self._clock.now_ns()
                for subscription in listeners:
                    subscription.put(tag, Sample(None, st.BAD_NODE_ID_UNKNOWN, now_ns, now_ns))

    def _read(self, source: LiveSource) -> None:
        self._cursor, slots = source.changed(self._cursor)
        names = self._slots
        for slot in slots.tolist():
            tag = names.get(slot)
            if tag is None:
                continue
            sample = self._typed(tag, source.sample(slot))
            self._latest[tag] = sample
            shown = sample if self._alive else _stale(sample)
            for subscription in self._listeners.get(tag, ()):
                subscription.put(tag, shown)

    def _check_heartbeat(self, now: int) -> None:
        source = self._source
        alive = source is not None and now - source.heartbeat_ns <= HEARTBEAT_LIMIT_NS
        if alive == self._alive:
            return
        self._alive = alive
        for tag, listeners in self._listeners.items():
            sample = self.sample(tag)
            if sample is not None:
                for subscription in listeners:
                    subscription.put(tag, sample)
        self.engine_alive.emit(alive)

    def _typed(self, name: str, sample: Sample) -> Sample:
        """Give whole numbers and booleans back their type where the store has floats.

        What does not fit stays as it is: the engine may run the tag with another type already.
        """
        if sample.value is None and st.is_good(sample.status):
            return replace(sample, status=st.BAD_WAITING_FOR_INITIAL_DATA)
        tag, value = self.plant.tags.get(name), sample.value
        if tag is None or not isinstance(value, float):
            return sample
        if value != value:  # noqa: PLR0124  (NaN: never had a value)
            return replace(sample, value=None)
        return replace(sample, value=typed(value, tag.data_type))


def _stale(sample: Sample) -> Sample:
    """Return a sample as the last one known: bad stays bad."""
    if st.is_bad(sample.status):
        return sample
    return replace(sample, status=st.UNCERTAIN_NO_COMMUNICATION_LAST_USABLE)
