"""Alarm definitions that every project has, written down or not."""

from collections.abc import Iterable

from app.model.alarm import AlarmDefinition, AlarmGuidance, AlarmKind, Priority
from app.model.connection import Connection
from app.model.text import LocalText


def with_connection_alarms(
    definitions: Iterable[AlarmDefinition], connections: Iterable[Connection]
) -> tuple[AlarmDefinition, ...]:
    """Return the definitions, with a COMM alarm added for every connection that has none."""
    result = list(definitions)
    covered = {each.connection for each in result if each.kind is AlarmKind.CONNECTION}
    result += [connection_alarm(each) for each in connections if each.id not in covered]
    return tuple(result)


def connection_alarm(connection: Connection) -> AlarmDefinition:
    """Return the default alarm of a connection: high priority, 2 s on-delay, 5 s off-delay."""
    title = connection.title
    return AlarmDefinition(
        id=f"{connection.id}.COMM",
        tag="",
        kind=AlarmKind.CONNECTION,
        priority=Priority.HIGH,
        text=LocalText(
            f"{title.get('en') or connection.id}: connection lost", f"{title.get('zh') or connection.id}：通信中断"
        ),
        connection=connection.id,
        on_delay_s=2.0,
        off_delay_s=5.0,
        guidance=AlarmGuidance(
            cause=LocalText("Device off, network broken, or device restarting", "设备断电、网络中断或设备重启"),
            consequence=LocalText(
                "Its values are no longer current; its alarms and commands do not work",
                "数值不再更新，相关报警和控制失效",
            ),
            action=LocalText("Check device and network; operate locally if needed", "检查设备和网络；必要时就地操作"),
        ),
    )
