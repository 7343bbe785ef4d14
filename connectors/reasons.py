"""Why a connection is not whole, in the operator's language; how errors carry it, and what all protocols share."""

import errno
import os
import socket
from typing import Final

from app.model.text import LocalText

DEFECT: Final = LocalText("internal error, see the log", "内部错误，见日志")
# What a connector waits for (Health.promise), as it goes into a sentence.
TO_CONNECT: Final = LocalText("the device to be connected", "连接设备")
TO_ANSWER: Final = LocalText("an answer of the device", "设备应答")
TO_RETRY: Final = LocalText("the next attempt to connect", "下次连接尝试")
NEXT_ROUND: Final = LocalText("the next values that are due", "下次采集")
CLOSED: Final = LocalText(
    "the device closed the connection: it may have restarted, or serve too few clients at once",
    "设备关闭了连接：可能已重启，或允许的客户端数量不足",
)

UNKNOWN_HOST: Final = LocalText(
    "the name of the host is unknown: correct it in plant.toml, or see the name service (DNS)",
    "无法解析主机名：请更正 plant.toml 中的主机名，或检查域名解析（DNS）",
)
_UNREACHABLE: Final = frozenset({errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ETIMEDOUT})


class Reasoned(Exception):
    """An exception whose text is shown: ``str`` gives the English one, ``text`` both."""

    def __init__(self, text: str | LocalText) -> None:
        self.text = text if isinstance(text, LocalText) else LocalText(text)
        super().__init__(self.text.en)


def located(reason: LocalText, endpoint: str) -> LocalText:
    """Return a reason that names the endpoint first, where it does not name it already; nothing stays nothing."""
    if not reason or endpoint in reason.en:
        return reason
    return LocalText(f"{endpoint}: {reason.en}", f"{endpoint}：{reason.get('zh')}")


def unreachable(error: OSError) -> LocalText | None:
    """Return why a host could not be reached at all; None where the error says something else."""
    if isinstance(error, socket.gaierror):
        return UNKNOWN_HOST
    if error.errno not in _UNREACHABLE:
        return None
    why = os.strerror(error.errno)
    return LocalText(
        f"the host cannot be reached ({why}): see its power, cable and switch, and host in plant.toml",
        f"无法连接到主机（{why}）：请检查主机电源、网线和交换机，以及 plant.toml 中的主机",
    )
