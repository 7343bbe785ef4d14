"""Alarm definitions that every project has, written down or not."""

from collections.abc import Iterable

from app.model.alarm import AlarmDefinition, AlarmKind
from app.model.connection import Connection
from app.model.connection_alarm import connection_alarm


def with_connection_alarms(
    definitions: Iterable[AlarmDefinition], connections: Iterable[Connection]
) -> tuple[AlarmDefinition, ...]:
    """Return the definitions, with a COMM alarm added for every connection that has none."""
    result = list(definitions)
    covered = {each.connection for each in result if each.kind is AlarmKind.CONNECTION}
    result += [connection_alarm(each) for each in connections if each.id not in covered]
    return tuple(result)
