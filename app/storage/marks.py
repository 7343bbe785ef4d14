"""How far the records of a spool are stored: written in the transaction of the records, so none is stored twice."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update

from app.storage.connect import Link
from app.storage.schema import SPOOL_MARK


@dataclass(frozen=True, slots=True)
class Mark:
    """Number of the last record of a run of the engine that a transaction stores."""

    run: str
    number: int


def save_mark(connection: Connection, mark: Mark | None) -> None:
    """Write a mark with the rows that it stands for."""
    if mark is None:
        return
    c = SPOOL_MARK.c
    changed = connection.execute(update(SPOOL_MARK).where(c.run == mark.run).values(number=mark.number)).rowcount
    if not changed:
        connection.execute(SPOOL_MARK.insert().values(run=mark.run, number=mark.number))


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
            save_mark(connection, mark)

    def forget(self, runs: Iterable[str]) -> None:
        """Remove marks of runs that have nothing on disk any more."""
        gone = list(runs)
        if gone:
            with self._link.write() as connection:
                connection.execute(delete(SPOOL_MARK).where(SPOOL_MARK.c.run.in_(gone)))
