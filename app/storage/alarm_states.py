"""States of the alarms as they were last shown, for the next run."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, delete, select

from app.model.alarm import AnnunciationState, Suppression
from app.model.alarm_state import AlarmSnapshot, OutOfService, Shelved
from app.storage.connect import Link
from app.storage.schema import ALARM_STATE
from app.storage.tablerows import add_rows
from app.storage.values import value_from_text, value_to_text

T = TypeVar("T")

_SOME: Final = 500
"""Alarms in one statement."""


def save_states(connection: Connection, snapshots: Iterable[AlarmSnapshot], *, blind: bool = False) -> None:
    """Keep the last snapshot of each alarm; one of which nothing is to be known after a restart is dropped.

    ``blind``: as of JournalItem.
    """
    last = {snapshot.id: snapshot for snapshot in snapshots}
    for name in _silenced(connection, list(last)) if blind else ():
        del last[name]
    if not last:
        return
    _delete(connection, list(last))
    kept = [
        each
        for each in last.values()
        if each.state is not AnnunciationState.NORMAL or each.suppression or each.active or each.shelvings
    ]
    if kept:
        rows = [_to_columns(each) for each in kept]
        add_rows(connection, ALARM_STATE, rows[0], [tuple(row.values()) for row in rows])


class AlarmStates:
    """Alarms that are not normal, or are suppressed."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def save(self, snapshots: Iterable[AlarmSnapshot]) -> None:
        """Store the snapshots given, leaving other alarms as they are; on disk when this returns."""
        with self._link.write() as connection:
            save_states(connection, snapshots)

    def load(self) -> list[AlarmSnapshot]:
        """Return what was stored, by id."""
        with self._link.read() as connection:
            rows = connection.execute(select(ALARM_STATE).order_by(ALARM_STATE.c.id)).mappings().all()
        return [_from_columns(dict(row)) for row in rows]

    def drop(self, alarm_ids: Sequence[str]) -> None:
        """Forget alarms that the project no longer has."""
        if alarm_ids:
            with self._link.write() as connection:
                _delete(connection, alarm_ids)


def _silenced(connection: Connection, alarm_ids: Sequence[str]) -> list[str]:
    c = ALARM_STATE.c
    found: list[str] = []
    for begin in range(0, len(alarm_ids), _SOME):
        asked = select(c.id).where(c.id.in_(alarm_ids[begin : begin + _SOME]))
        found += connection.execute(asked.where(c.shelved.is_not(None) | c.service.is_not(None))).scalars()
    return found


def _delete(connection: Connection, alarm_ids: Sequence[str]) -> None:
    for begin in range(0, len(alarm_ids), _SOME):
        connection.execute(delete(ALARM_STATE).where(ALARM_STATE.c.id.in_(alarm_ids[begin : begin + _SOME])))


def _to_columns(snapshot: AlarmSnapshot) -> dict[str, Any]:
    return {
        "id": snapshot.id,
        "event_id": snapshot.event_id,
        "state": snapshot.state.value,
        "active": snapshot.active,
        "time_in_ns": snapshot.time_in_ns,
        "time_out_ns": snapshot.time_out_ns,
        "time_ack_ns": snapshot.time_ack_ns,
        "value": value_to_text(snapshot.value),
        "status": snapshot.status,
        "acknowledged_by": snapshot.acknowledged_by,
        "comment": snapshot.comment,
        "suppression": " ".join(sorted(snapshot.suppression)),
        "count": snapshot.count,
        "shelved": _to_json(snapshot.shelved),
        "service": _to_json(snapshot.service),
        "first_out": snapshot.first_out,
        "realarms": snapshot.realarms,
        "shelvings": " ".join(map(str, snapshot.shelvings)),
        "escalated": snapshot.escalated,
    }


def _from_columns(columns: dict[str, Any]) -> AlarmSnapshot:
    columns["state"] = AnnunciationState(columns["state"])
    columns["value"] = value_from_text(columns["value"])
    columns["suppression"] = frozenset(Suppression(each) for each in columns["suppression"].split())
    columns["shelved"] = _from_json(Shelved, columns["shelved"])
    columns["service"] = _from_json(OutOfService, columns["service"])
    columns["shelvings"] = tuple(map(int, columns["shelvings"].split()))
    return AlarmSnapshot(**columns)


def _to_json(value: Shelved | OutOfService | None) -> str | None:
    return None if value is None else json.dumps(asdict(value), ensure_ascii=False)


def _from_json(kind: type[T], text: str | None) -> T | None:
    return None if text is None else kind(**json.loads(text))
