"""How far the records of a spool are stored: written in the transaction of the records, so none is stored twice."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, text, update

from app.storage.connect import Link
from app.storage.schema import SPOOL_MARK


@dataclass(frozen=True, slots=True)
class Mark:
    """Number of the last record of a run of the engine that a transaction stores."""

    run: str
    number: int


def claim(connection: Connection, mark: Mark, count: int) -> int:
    """Write a mark; returns how many of the ``count`` items up to it are not stored yet: the last ones.

    First in the transaction of the items: what an earlier connection, given up for lost, still commits is waited for.
    """
    c = SPOOL_MARK.c
    wanted = select(c.number).where(c.run == mark.run).with_for_update()
    stored = connection.execute(wanted).scalar()
    if stored is None:
        connection.execute(
            text("INSERT INTO spool_mark (run, number) VALUES (:run, 0) ON CONFLICT DO NOTHING"), {"run": mark.run}
        )
        stored = connection.execute(wanted).scalar() or 0
    if mark.number <= stored:
        return 0
    connection.execute(update(SPOOL_MARK).where(c.run == mark.run).values(number=mark.number))
    return min(count, mark.number - stored)


class Marks:
    """The marks of every run whose records may still be on disk."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def get(self, run: str) -> int:
        """Return the last number stored of a run; 0 where there is none."""
        with self._link.read() as connection:
            found = connection.execute(select(SPOOL_MARK.c.number).where(SPOOL_MARK.c.run == run)).scalar()
        return int(found or 0)

    def save(self, mark: Mark) -> None:
        """Write a mark alone: its records were set aside."""
        with self._link.write() as connection:
            claim(connection, mark, 1)

    def forget(self, runs: Iterable[str]) -> None:
        """Remove marks of runs that have nothing on disk any more."""
        gone = list(runs)
        if gone:
            with self._link.write() as connection:
                connection.execute(delete(SPOOL_MARK).where(SPOOL_MARK.c.run.in_(gone)))
