"""Finds the rows of a page: quickly where they are many, and quickly where they are few.

Three ways, tried in this order; each finds what is asked for, newest (or oldest) first:

1. *Along the time line.* The next two thousand rows are looked at. Enough where the filter takes one row in ten.
2. *By keys.* The dictionaries tell which transitions and texts the filter means; of each, an index has the rows in the
   order of time. The first ``n`` rows of all are among the ``n`` keys whose first row comes first: finding those
   costs a look a key, however many million rows lie between. Not where there are too many keys. A text together
   with something else is looked for in the rows that have the other, or the other in those that have the text.
3. *Along the time line again*, further, for as long as is allowed; then it is said how far the search came.
"""

import time
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, FromClause, Select, and_, func, or_, select, true

from app.storage.journalfilter import Key, Span, defined, of_user, worded
from app.storage.journalmerge import Head, conditions_of, merge
from app.storage.journaltables import JOURNAL, OBJECT, TRANSITION, WORDS

FIRST_ROWS: Final = 2_000
"""Looked at along the time line before any other way."""
MORE_ROWS: Final = 8_000
MOST_CHECKED: Final = 4_000
"""Rows with a key that are looked at for what else is asked."""
MOST_KEYS: Final = 8_000
FEW_KEYS: Final = 1_000
"""Of so many transitions the rows are counted: where they are few, a text is looked for in them."""
MOST_TEXTS: Final = 200_000
"""Free texts that are looked through for one question."""
BUDGET_S: Final = 0.04
"""How long a search goes on along the time line."""


@dataclass
class Found:
    """Keys of rows in the order asked for; ``searched``: the last row that was looked at, where the search stopped."""

    keys: list[Key] = field(default_factory=list)
    searched: Key | None = None


class Search:
    """One question, in one transaction that reads."""

    def __init__(self, connection: Connection, span: Span, budget_s: float = BUDGET_S) -> None:
        self._connection, self._span, self._budget_s = connection, span, budget_s
        self._query = span.query
        self._defined = defined(self._query)

    def first(self, limit: int) -> Found:
        """Return the first rows."""
        if not self._defined and not self._query.text:
            return Found(self._keys(self._line(self._span, limit)))
        until = time.monotonic() + self._budget_s
        found, end = self._look(self._span, FIRST_ROWS, limit)
        if end is None or len(found) >= limit:
            return Found(found)
        by_keys = self._by_keys(limit)
        if by_keys is not None:
            return Found(by_keys)
        while time.monotonic() < until:
            more, end = self._look(replace(self._span, start=end), MORE_ROWS, limit - len(found))
            found += more
            if end is None or len(found) >= limit:
                return Found(found)
        return Found(found, end)

    def _line(self, span: Span, limit: int) -> Select[Any]:
        """Return a statement of keys along the time line, of a user where one is asked for."""
        c = JOURNAL.c
        wanted = and_(true(), *span.within(JOURNAL), *of_user(JOURNAL, self._query.user))
        return select(c.time_ns, c.id).where(wanted).order_by(*span.order(JOURNAL)).limit(limit)

    def _look(self, span: Span, rows: int, limit: int) -> tuple[list[Key], Key | None]:
        """Look at the next rows; returns what was found, and the last one looked at where there may be more."""
        c = JOURNAL.c
        some = self._line(span, rows).add_columns(c.transition_id, c.text_id, c.comment_id).subquery()
        wanted = select(some.c.time_ns, some.c.id).where(*self._holds(some))
        found = self._keys(wanted.order_by(*span.order(some)).limit(limit))
        last = self._keys(self._line(span, 1).offset(rows - 1))
        return found, last[0] if last else None

    def _by_keys(self, limit: int) -> list[Key] | None:
        """Return the first rows of all keys that the filter means; None where those are too many."""
        text, column = self._query.text, JOURNAL.c.transition_id
        if text and self._defined:
            ids = self._ids(self._transitions(), FEW_KEYS)
            if ids is not None and (checked := self._checked(column, ids, limit)) is not None:
                return checked
        found = self._of_keys(column, self._transitions(text), limit)
        if found is None or not text:
            return found
        words = self._of_words(text, limit)
        if words is None:
            return None
        return self._span.sort(list({*found, *words}))[:limit]

    def _transitions(self, text: str = "") -> Select[Any]:
        """Return a statement of the transitions that the filter means, and where a text is given those that have it."""
        steps = OBJECT.join(TRANSITION, TRANSITION.c.object_id == OBJECT.c.id)
        found = select(TRANSITION.c.id).select_from(steps).where(*self._defined)
        return found.where(worded(OBJECT.c.words, text)) if text else found

    def _of_words(self, text: str, limit: int) -> list[Key] | None:
        """Return the first rows that have a text of their own, or a comment, with this text; None where too many."""
        if (self._connection.execute(select(func.max(WORDS.c.id))).scalar() or 0) > MOST_TEXTS:
            return None
        meant = select(WORDS.c.id).where(worded(WORDS.c.words, text))
        columns = (JOURNAL.c.text_id, JOURNAL.c.comment_id)
        if not self._defined and not self._query.user:
            every = [self._of_keys(column, meant, limit) for column in columns]
        else:
            ids = self._ids(meant)
            every = [None if ids is None else self._checked(column, ids, limit) for column in columns]
        result: list[Key] = []
        for found in every:
            if found is None:
                return None
            result += found
        return result

    def _checked(self, column: Column[Any], ids: list[int], limit: int) -> list[Key] | None:
        """Return those rows that have one of some keys for which all else holds too; None where too many have one."""
        if not ids:
            return []
        span, c = self._span, JOURNAL.c
        some = select(c.time_ns, c.id, c.transition_id, c.text_id, c.comment_id, c.user)
        some = some.where(column.in_(ids), *span.within(JOURNAL))
        counted = select(func.count()).select_from(some.limit(MOST_CHECKED + 1).subquery())
        if (self._connection.execute(counted).scalar() or 0) > MOST_CHECKED:
            return None
        rows = some.subquery()
        wanted = select(rows.c.time_ns, rows.c.id).where(*of_user(rows, self._query.user), *self._holds(rows))
        return self._keys(wanted.order_by(*span.order(rows)).limit(limit))

    def _holds(self, rows: FromClause) -> list[ColumnElement[bool]]:
        """Return that all holds which the query asks of definitions and texts.

        By a look at the entries of each row: where they were joined, a planner that takes the condition for a rarer
        one than it is would begin with the dictionaries.
        """
        steps = TRANSITION.join(OBJECT, OBJECT.c.id == TRANSITION.c.object_id)

        def of_step(wanted: Any) -> Any:
            about = select(wanted).select_from(steps).where(TRANSITION.c.id == rows.c.transition_id)
            return about.correlate(rows).scalar_subquery()

        def of_text(column: str) -> Any:
            return select(WORDS.c.words).where(WORDS.c.id == rows.c[column]).correlate(rows).scalar_subquery()

        result: list[ColumnElement[bool]] = [of_step(and_(true(), *self._defined))] if self._defined else []
        if text := self._query.text:
            places = (of_step(OBJECT.c.words), of_text("text_id"), of_text("comment_id"))
            result.append(or_(*(worded(each, text) for each in places)))
        return result

    def _of_keys(self, column: Column[Any], meant: Select[Any], limit: int) -> list[Key] | None:
        """Return the first rows that have one of the keys in a column; None where those are too many."""
        ids = self._ids(meant)
        if ids is None:
            return None
        keys: list[Head] = [(each, None) for each in ids] if len(ids) <= limit else self._foremost(column, meant)
        return merge(self._connection, self._span, column, keys, limit)

    def _ids(self, meant: Select[Any], few: int | None = None) -> list[int] | None:
        most = MOST_KEYS if few is None else min(few, MOST_KEYS)
        ids = list(self._connection.execute(meant.limit(max(0, most) + 1)).scalars())
        return ids if len(ids) <= most else None

    def _foremost(self, column: Column[Any], meant: Select[Any]) -> list[Head]:
        """Return the keys that have rows, with the time of the first, in the order of these."""
        span, keys, own = self._span, meant.subquery(), JOURNAL.alias("own_rows")
        first = (
            select(own.c.time_ns)
            .where(own.c[column.name] == keys.c.id, *conditions_of(span, column, own))
            .order_by(*span.order(own))
            .limit(1)
            .scalar_subquery()
        )
        found = self._connection.execute(select(keys.c.id, first)).all()
        heads: list[Head] = [(key, time_ns) for key, time_ns in found if time_ns is not None]
        return sorted(heads, key=itemgetter(1), reverse=not span.ascends)

    def _keys(self, statement: Select[Any]) -> list[Key]:
        return [(time_ns, number) for time_ns, number in self._connection.execute(statement)]
