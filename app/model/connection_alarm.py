"""The alarm that every connection has: one for the loss of all of its values."""

from app.model.alarm import AlarmDefinition, AlarmGuidance, AlarmKind, Priority
from app.model.connection import Connection
from app.model.text import LocalText


def connection_alarm(connection: Connection, priority: Priority = Priority.HIGH) -> AlarmDefinition:
    """Return the alarm of a connection: 2 s on-delay, 5 s off-delay, so that a hiccup is none."""
    title = connection.title
    return AlarmDefinition(
        id=f"{connection.id}.{AlarmKind.CONNECTION}",
        tag="",
        kind=AlarmKind.CONNECTION,
        priority=priority,
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
