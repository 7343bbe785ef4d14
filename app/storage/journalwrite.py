"""Rows into the journal: what they say again and again goes into its dictionaries first."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Final, TypeAlias

from sqlalchemy import Column, Connection, Table, select

from app.model.alarm import AlarmKind
from app.model.journal import JournalKind, JournalRow
from app.storage.journaltables import JOURNAL, OBJECT, TRANSITION, WORDS
from app.storage.tablerows import add_rows
from app.storage.values import value_to_text

Entry: TypeAlias = tuple[Any, ...]
"""The columns of an entry of a dictionary, in the order of the table and without its id."""

_SOME: Final = 500
"""Keys in one statement."""
_SHORT: Final = 80
_ENDS: Final = frozenset({"result", "refused"})
"""Events of a command after which ``new`` is one of a few words; else it is a value."""


def insert_rows(connection: Connection, rows: Sequence[JournalRow]) -> None:
    """Add rows in their order, in the transaction of a connection that writes; their ids are given by the database."""
    if not rows:
        return
    entries = [_object(row) for row in rows]
    objects = _ids(connection, OBJECT, OBJECT.c.object, 1, entries)
    steps = [
        (objects[entry], row.event, *states(row.kind, row.event, row.old, row.new))
        for row, entry in zip(rows, entries, strict=True)
    ]
    transitions = _ids(connection, TRANSITION, TRANSITION.c.object_id, 0, steps)
    texts = [_words(row) for row in rows]
    words = _ids(connection, WORDS, WORDS.c.digest, 0, (each for pair in texts for each in pair if each))
    add_rows(
        connection, JOURNAL, _names(JOURNAL),
        [
            (
                transitions[step], row.counts_ns,
                row.source_ns, row.receive_ns, row.journal_ns,
                None if step[2] == row.old else row.old, None if step[3] == row.new else row.new,
                value_to_text(row.value), row.limit, row.status, row.user, row.desk,
                words[text] if text else None, words[comment] if comment else None, row.correlation,
            )
            for row, step, (text, comment) in zip(rows, steps, texts, strict=True)
        ],
    )  # fmt: skip


def folded(*texts: str) -> str:
    """Return what a search for a text looks at: the texts without upper case, one a line."""
    return "\n".join(str(each) for each in texts).casefold()  # None is for the database to refuse


def object_entry(
    kind: str, name: str, tag: str, area: str, priority: int | None, alarm_kind: str, text: str, text_zh: str
) -> Entry:
    """Return the entry of an object."""
    return kind, name, tag, area, priority, alarm_kind, text, text_zh, folded(name, text, text_zh)


def words_entry(text: str, text_zh: str) -> Entry | None:
    """Return the entry of a free text; None for one that is empty."""
    if text == text_zh == "":
        return None
    digest = hashlib.blake2b(f"{text}\0{text_zh}".encode(errors="replace"), digest_size=8).digest()
    return int.from_bytes(digest, signed=True), text, text_zh, folded(text, text_zh)


def has_own_text(kind: str, alarm_kind: str) -> bool:
    """Tell whether the texts of such rows are written for each of them: they are no property of the object then."""
    return kind not in {JournalKind.ALARM, JournalKind.COMMAND} or alarm_kind == AlarmKind.CONDITION


def states(kind: str, event: str, old: str, new: str) -> tuple[str, str]:
    """Return what of ``old`` and ``new`` is one of a few words, not a value."""
    if kind in {JournalKind.ALARM, JournalKind.CONNECTION} and max(len(old), len(new)) <= _SHORT:
        return old, new
    return "", new if kind == JournalKind.COMMAND and event in _ENDS and len(new) <= _SHORT else ""


def _object(row: JournalRow) -> Entry:
    kind = row.alarm_kind.value if row.alarm_kind else ""
    texts = ("", "") if has_own_text(row.kind, kind) else (row.text, row.text_zh)
    return object_entry(row.kind.value, row.object, row.tag, row.area, row.priority, kind, *texts)


def _words(row: JournalRow) -> tuple[Entry | None, Entry | None]:
    own = has_own_text(row.kind, row.alarm_kind or "")
    return words_entry(row.text, row.text_zh) if own else None, words_entry(row.comment, row.comment_zh)


def _ids(
    connection: Connection, table: Table, column: Column[Any], place: int, entries: Iterable[Entry]
) -> Mapping[Entry, int]:
    """Return the ids of entries; those that are missing are added. ``column``, at ``place``, is the one with the index.

    Two processes may add the same at the same time: it is there twice then, and either is right.
    """
    wanted = dict.fromkeys(entries)
    found = _find(connection, table, column, place, wanted)
    missing = [each for each in wanted if each not in found]
    if missing:
        add_rows(connection, table, _names(table), missing)
        found |= _find(connection, table, column, place, missing)
    return found


def _names(table: Table) -> list[str]:
    """Return the columns but for the id, which the database gives."""
    return [each.name for each in table.columns][1:]


def _find(
    connection: Connection, table: Table, column: Column[Any], place: int, entries: Iterable[Entry]
) -> dict[Entry, int]:
    found: dict[Entry, int] = {}
    for some in _parts(dict.fromkeys(each[place] for each in entries)):
        for number, *entry in connection.execute(select(table).where(column.in_(some))):
            found.setdefault(tuple(entry), number)
    return found


def _parts(keys: Iterable[Any]) -> Iterable[list[Any]]:
    left = iter(keys)
    return iter(lambda: list(islice(left, _SOME)), [])
