"""Whether a connection that serves is whole, and if not, why, in words that an engineer can act on."""

from collections.abc import Mapping, Sequence
from typing import Final

from app.model import status as st
from app.model.connection import ConnectionState
from app.model.tag import Tag
from app.model.text import LocalText

Verdict = tuple[ConnectionState, LocalText]
RUNNING: Final = 0
HEALTHY: Final = 200
"""Least ServiceLevel of a server that is neither degraded, nor without data, nor in maintenance (Part 4, 6.6.2.4.2)."""

_STATES: Final = {
    1: "Failed",
    2: "NoConfiguration",
    3: "Suspended",
    4: "Shutdown",
    5: "Test",
    6: "CommunicationFault",
    7: "Unknown",
}
"""ServerState by number (OPC UA Part 5, 12.6)."""

_BAD_USER_ACCESS_DENIED: Final = 0x801F0000
_BAD_NOT_READABLE: Final = 0x803A0000
_RIGHTS: Final = LocalText(
    "allow the user of this console to read it at the server", "请在服务器上授予本机用户读取权限"
)
_REMEDIES: Final = {
    st.BAD_NODE_ID_UNKNOWN: LocalText(
        "the server has no such node: correct the address in the project, or add the node to the server",
        "服务器上没有该节点：请更正工程中的地址，或在服务器上添加该节点",
    ),
    st.BAD_CONFIGURATION_ERROR: LocalText(
        "that is no address: correct it in the project, as haihe check says",
        "地址无效：请按 haihe check 的提示更正工程",
    ),
    _BAD_USER_ACCESS_DENIED: _RIGHTS,
    _BAD_NOT_READABLE: _RIGHTS,
}
_LOOK: Final = LocalText("see the node in the server's own tool", "请在服务器自带工具中检查该节点")


def judge(
    tags: Sequence[Tag],
    server_state: int,
    refused: Mapping[int, int],
    alarms: LocalText,
    service_level: int = HEALTHY,
) -> Verdict:
    """Return state and reason of a connection that serves.

    Args:
        tags: those of the connection.
        server_state: ServerState as the server tells.
        refused: StatusCodes of the tags that could not be subscribed, by their index.
        service_level: of the one of several servers that serves; HEALTHY where there is one only.
        alarms: why the server's alarms are not known; empty where they are, or are not wanted.

    """
    if server_state != RUNNING:
        name = _STATES.get(server_state, "?")
        return ConnectionState.DEGRADED, LocalText(
            f"the server is not running (state {server_state}, {name}): see its own diagnosis, and start it",
            f"服务器未运行（状态 {server_state}，{name}）：请查看服务器自身的诊断信息并启动它",
        )
    if service_level < HEALTHY:
        return ConnectionState.DEGRADED, LocalText(
            f"the server that serves is not healthy (service level {service_level}), and no other is better: see the "
            "diagnosis of the servers",
            f"当前服务器状态不佳（服务等级 {service_level}），且没有更好的服务器：请查看各服务器的诊断信息",
        )
    if refused:
        first = min(refused)
        tag, status = tags[first], refused[first]
        what, name = f"{tag.name} ({tag.address})", st.status_name(status)
        remedy = _REMEDIES.get(status & 0xFFFF0000, _LOOK)
        return ConnectionState.DEGRADED, LocalText(
            f"{len(refused)} tags refused, first {what}: {name}; {remedy.en}",
            f"{len(refused)} 个位号被拒绝，首个为 {what}：{name}；{remedy.zh}",
        )
    if alarms:
        return ConnectionState.DEGRADED, alarms
    return ConnectionState.CONNECTED, LocalText()
