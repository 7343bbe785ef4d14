"""What comes from the server, into the ledger: numbers in columns, the rest one by one, in order of the message."""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from asyncua import ua
from numpy.typing import NDArray

from app.model.clock import Clock
from app.model.text import LocalText
from connectors.ledger import Ledger
from connectors.opcua.faults import SessionLost
from connectors.opcua.notifications import Columns, Notification
from connectors.opcua.parts import Parts
from connectors.opcua.values import changed_semantics, decode, judge, overflowed, typed
from connectors.scaling import Scaling

FEW: Final = 30
"""So many samples are as fast one by one as in columns."""


class Feed:
    """Values on their way from notifications to samples; client handles are indices of the ledger.

    Attributes:
        overflows: values that came with the sign that the server's queue lost others before them.
        changed: items whose server says that range, unit or texts are others now; for the receiver to clear.
        texts: of enumerations by number, by the index of an item whose server tells some.

    """

    def __init__(self, ledger: Ledger, clock: Clock, parts: Parts | None = None) -> None:
        self.overflows = 0
        self.changed: set[int] = set()
        self.texts: dict[int, Mapping[int, str]] = {}
        self._parts = parts
        paths = () if parts is None else parts.paths
        self._in_part = np.array([bool(path) for path in paths], np.bool_) if any(paths) else None
        self._ledger = ledger
        self._clock = clock
        self._scaling = Scaling(ledger.tags)
        self._kinds: NDArray[np.uint8] = np.zeros(len(ledger), np.uint8)
        self._silent: NDArray[np.bool_] = np.zeros(len(ledger), np.bool_)
        self._first_ns: NDArray[np.int64] = np.zeros(len(ledger), np.int64)

    def expect(self, index: int, expected: bool) -> None:
        """Note that the first value of an item is to come, or is not."""
        self._silent[index] = expected

    def silent(self) -> list[int]:
        """Return the items whose first value has not come."""
        return [int(index) for index in np.flatnonzero(self._silent)]

    def first_ns(self, index: int) -> int:
        """Return the source time (ns, UTC) of the first value of an item since it was last expected; 0: none came."""
        return 0 if self._silent[index] else int(self._first_ns[index])

    def kind(self, index: int) -> Any:
        """Return the VariantType that the server delivered for an item, or None where it has not yet."""
        return ua.VariantType(int(self._kinds[index])) if self._kinds[index] else None

    def forget_kinds(self) -> None:
        """Forget the types: another server may have others."""
        self._kinds[:] = 0

    def take(self, notification: Notification) -> None:
        """Hand on what a notification holds.

        Raises:
            SessionLost: it holds an item that nobody asked for; nothing of it was taken.

        """
        columns, receive_ns = notification.columns, notification.receive_ns
        handles = [item.ClientHandle for _, item in notification.items]
        greatest = max(handles, default=-1)
        if columns is not None and len(columns):
            greatest = max(greatest, int(columns.handles.max()))
        if greatest >= len(self._silent):
            raise SessionLost(
                LocalText(
                    f"the server published item {greatest}, which was not asked for",
                    f"服务器发布了未订阅的项 {greatest}",
                )
            )
        if columns is not None and len(columns):
            self._take_columns(columns, notification.items, receive_ns)
        else:
            for _, item in notification.items:
                self._take_item(item.ClientHandle, item.Value, receive_ns)
        self._ledger.flush()

    def read(self, index: int, data: Any) -> None:
        """Hand on a DataValue that was read; the ledger's ``flush`` delivers it."""
        self._take_item(index, data, self._clock.now_ns())

    def _take_columns(self, columns: Columns, items: Sequence[tuple[int, Any]], receive_ns: int) -> None:
        handles, has_value = columns.handles, columns.kinds != 0
        first = np.flatnonzero(self._silent[handles])[::-1]  # backwards: of a tag that comes twice the first one stays
        self._first_ns[handles[first]] = columns.source_ns[first]
        self._silent[handles] = False
        self._kinds[handles[has_value]] = columns.kinds[has_value]
        self.overflows += int(np.count_nonzero(overflowed(columns.status)))
        if (told := changed_semantics(columns.status)).any():
            self.changed.update(handles[told].tolist())
        values, status, alone = self._scaling.to_engineering(handles, columns.values, columns.status, has_value)
        if self._in_part is not None:
            alone |= self._in_part[handles]
        if (np.count_nonzero(alone) + len(items)) * FEW > len(handles):
            alone[:] = True
        # An item stands before the row that has its number.
        breaks: list[tuple[int, int, Any]] = [(row, 1, None) for row in np.flatnonzero(alone).tolist()]
        breaks.extend((row, 0, item) for row, item in items)
        breaks.sort(key=lambda one: one[:2])
        start = 0
        for row, rows, item in (*breaks, (len(handles), 0, None)):
            if row > start:
                part = slice(start, row)
                self._ledger.put_columns(handles[part], values[part], status[part], columns.source_ns[part], receive_ns)
            start = row + rows
            if item is not None:
                self._take_item(item.ClientHandle, item.Value, receive_ns)
            elif rows:
                self._take_row(columns, row, receive_ns)

    def _take_row(self, columns: Columns, row: int, receive_ns: int) -> None:
        """Take a number that is an object all the same: of a text, too great for a column, or one of few."""
        index = int(columns.handles[row])
        raw = typed(float(columns.values[row]), int(columns.kinds[row]))
        tag, status = self._ledger.tags[index], int(columns.status[row])
        value, status = judge(tag, raw, status, self.pick(index), self.texts.get(index))
        source_ns = int(columns.source_ns[row])
        self._ledger.put(index, value, status, None if source_ns == receive_ns else source_ns, receive_ns)

    def _take_item(self, index: int, data: Any, receive_ns: int) -> None:
        tag, texts = self._ledger.tags[index], self.texts.get(index)
        value, status, source_ns = decode(tag, data, self.pick(index), texts)
        raw = data.Value
        if raw is not None and raw.Value is not None and isinstance(raw.VariantType, ua.VariantType):
            self._kinds[index] = raw.VariantType.value
        if data.StatusCode is not None:
            self.overflows += overflowed(int(data.StatusCode.value))
            if changed_semantics(int(data.StatusCode.value)):
                self.changed.add(index)
        if self._silent[index]:
            self._first_ns[index] = receive_ns if source_ns is None else source_ns
        self._silent[index] = False
        self._ledger.put(index, value, status, source_ns, receive_ns)

    def pick(self, index: int) -> Callable[[object], object] | None:
        """Return what picks the part of a value that an item is; None where it is the whole."""
        parts = self._parts
        if parts is None or not parts.paths[index]:
            return None
        return functools.partial(parts.pick, index)
