"""What the hub needs of a trend store reader (app.trend.StoreReader has it)."""

from typing import Any, Protocol

from app.model.sample import Sample


class LiveSource(Protocol):
    """The reading side of a plant's trend store. All calls return at once."""

    @property
    def heartbeat_ns(self) -> int:
        """When the writer last gave a sign of life (ns since the epoch, UTC)."""

    def slot(self, name: str) -> int:
        """Return the slot of a tag; raises KeyError where the store has none."""

    def changed(self, cursor: int) -> tuple[int, Any]:
        """Return a new cursor and the slots that changed since the given one (0: all with a value)."""

    def sample(self, slot: int) -> Sample:
        """Return the last sample of a slot."""

    def is_current(self) -> bool:
        """Tell whether this is still the store that the engine writes (False after it was made anew)."""

    def window(self, slot: int, start_ns: int, end_ns: int, columns: int) -> Any:
        """Return the envelope of a time window in columns (app.trend.Envelope)."""

    def close(self) -> None:
        """Unmap the store."""
