"""History of samples: what the trend store no longer holds, or never could (late ones)."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, select

from app.model.sample import Sample
from app.storage.connect import Link
from app.storage.schema import HISTORY, HISTORY_TAG


class History:
    """Samples by tag and source time. Numbers come back as floats, texts as texts."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._ids: dict[str, int] = {}

    def append(self, samples: Sequence[tuple[str, Sample]], *, late: bool = False) -> None:
        """Add samples in one transaction; ``late``: they were older than the newest of their tag when they came.

        Raises:
            DatabaseError: none of them was added.

        """
        if not samples:
            return
        with self._link.write() as connection:
            known = self._ids | self._new_tags(connection, {tag for tag, _ in samples if tag not in self._ids})
            connection.execute(HISTORY.insert(), [_to_columns(known[tag], sample, late) for tag, sample in samples])
        self._ids = known  # only now: a transaction that failed has made no tag

    def query(self, tag: str, from_ns: int, to_ns: int, limit: int = 100_000) -> list[Sample]:
        """Return the samples of a tag by source time (to excluded), oldest first, at most ``limit``."""
        c = HISTORY.c
        wanted = select(HISTORY_TAG.c.id).where(HISTORY_TAG.c.name == tag).scalar_subquery()
        statement = (
            select(c.value, c.text, c.status, c.source_ns, c.receive_ns)
            .where(c.tag_id == wanted, c.source_ns >= from_ns, c.source_ns < to_ns)
            .order_by(c.source_ns, c.id)
            .limit(limit)
        )
        with self._link.read() as connection:
            rows = connection.execute(statement).all()
        return [
            Sample(value if text is None else text, status, at, received) for value, text, status, at, received in rows
        ]

    @staticmethod
    def _new_tags(connection: Connection, names: Iterable[str]) -> dict[str, int]:
        result: dict[str, int] = {}
        for name in sorted(names):
            found = connection.execute(select(HISTORY_TAG.c.id).where(HISTORY_TAG.c.name == name)).scalar()
            if found is None:
                key = connection.execute(HISTORY_TAG.insert().values(name=name)).inserted_primary_key
                found = None if key is None else key[0]
            result[name] = int(found or 0)
        return result


def _to_columns(tag_id: int, sample: Sample, late: bool) -> dict[str, Any]:
    text = sample.value if isinstance(sample.value, str) else None
    number = sample.number
    return {
        "tag_id": tag_id,
        "source_ns": sample.source_ns,
        "receive_ns": sample.receive_ns,
        "value": None if number is None or math.isnan(number) else number,
        "text": text,
        "status": sample.status,
        "late": late,
    }
