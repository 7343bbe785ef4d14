"""The trend store: live values and trends of every tag, in shared memory. Face of the compiled core (native/)."""

from app.trend.location import store_path
from app.trend.reader import StoreReader
from app.trend.slots import slots_of
from app.trend.types import (
    DEFAULT,
    DETAILED,
    Counters,
    Coverage,
    Envelope,
    LiveTable,
    RetentionClass,
    Samples,
    SlotSpec,
    StoreEnvelope,
    WindowStatistics,
)
from app.trend.writer import (
    KIND_BOOLEAN,
    KIND_INTEGER,
    KIND_NATURAL,
    KIND_NONE,
    KIND_REAL,
    KIND_TEXT,
    StoreWriter,
    Successor,
)

__all__ = [
    "DEFAULT",
    "DETAILED",
    "KIND_BOOLEAN",
    "KIND_INTEGER",
    "KIND_NATURAL",
    "KIND_NONE",
    "KIND_REAL",
    "KIND_TEXT",
    "Counters",
    "Coverage",
    "Envelope",
    "LiveTable",
    "RetentionClass",
    "Samples",
    "SlotSpec",
    "StoreEnvelope",
    "StoreReader",
    "StoreWriter",
    "Successor",
    "WindowStatistics",
    "slots_of",
    "store_path",
]
