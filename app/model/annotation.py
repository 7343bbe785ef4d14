"""Notes that operators leave at a time of a trend, for every desk to see."""

from dataclasses import dataclass
from typing import Final

MAX_NOTE: Final = 500
"""Most characters of a note."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """A note; times are ns since the epoch, UTC.

    Attributes:
        id: given by the database.
        at_ns: the time that it is about. created_ns: when it was written.
        tag: the tag that it is about; empty: the plant as a whole.

    """

    id: int
    at_ns: int
    text: str
    author: str
    created_ns: int
    desk: str = ""
    tag: str = ""


@dataclass(frozen=True, slots=True)
class AnnotationQuery:
    """Notes from ``from_ns`` to ``to_ns`` (ns since the epoch, UTC; excluded) about these tags, or about no tag."""

    from_ns: int
    to_ns: int
    tags: tuple[str, ...] = ()
    limit: int = 500


@dataclass(frozen=True, slots=True)
class AnnotationPage:
    """Notes, newest first; ``more``: there are older ones in the window than these."""

    notes: tuple[Annotation, ...] = ()
    more: bool = False
