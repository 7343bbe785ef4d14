"""What the OPC UA library raises, in words and status codes of ours."""

import logging
from typing import Final

from asyncua import ua

from app.model import status as st
from app.model.text import LocalText
from connectors.reasons import Reasoned, unreachable

TROUBLE: Final = (OSError, TimeoutError, ua.UaError, AssertionError, EOFError)
"""What a request or an attempt to connect may raise because of the network or the server."""


_UNDECIDED: Final = frozenset(
    {
        st.BAD_TIMEOUT,
        st.BAD_COMMUNICATION_ERROR,
        st.BAD_NO_COMMUNICATION,
        int(ua.StatusCodes.BadRequestTimeout),
        int(ua.StatusCodes.BadConnectionClosed),
        int(ua.StatusCodes.BadSecureChannelClosed),
        int(ua.StatusCodes.BadShutdown),
        int(ua.StatusCodes.BadServerHalted),
        int(ua.StatusCodes.BadInternalError),
        int(ua.StatusCodes.BadUnexpectedError),
        int(ua.StatusCodes.GoodCompletesAsynchronously),
    }
)


SERVER_CLOSED: Final = LocalText(
    "the server closed the connection: see whether it was stopped or restarted",
    "服务器关闭了连接：请检查服务器是否停止或重启",
)


USER_REFUSED: Final = frozenset(
    int(getattr(ua.StatusCodes, name))
    for name in (
        "BadUserAccessDenied",
        "BadIdentityTokenRejected",
        "BadIdentityTokenInvalid",
        "BadUserSignatureInvalid",
    )
)
"""What a server answers that does not take a user."""


class SessionLost(Reasoned, ConnectionError):
    """The session cannot be used any more; the text says why."""


class NotificationMissing(SessionLost):
    """What the server published did not come, and cannot be had any more: values are lost."""


def fault(error: BaseException) -> LocalText:
    """Return the reason in words that an engineer can act on."""
    if isinstance(error, AssertionError):
        return LocalText(
            "the server closed the secure channel while it was opened; it may refuse this client's certificate",
            "打开安全通道时被服务器关闭；服务器可能拒绝了本机证书",
        )
    if isinstance(error, Reasoned):
        return error.text
    if isinstance(error, ua.UaStatusCodeError):
        name = error.__class__.__name__
        return LocalText(f"the server answered {name}: {ua.StatusCode(error.code).doc}", f"服务器返回 {name}")
    if isinstance(error, TimeoutError):
        return LocalText(
            "the server did not answer in time: see whether it hangs or is overloaded, and the network between",
            "服务器未及时应答：请检查服务器是否停止响应或过载，以及之间的网络",
        )
    if isinstance(error, ConnectionRefusedError):
        return LocalText(
            "connection refused; no server listens there: start the server, or correct host and port in plant.toml",
            "连接被拒绝；该地址没有服务器监听：请启动服务器，或更正 plant.toml 中的主机和端口",
        )
    if isinstance(error, OSError) and (why := unreachable(error)) is not None:
        return why
    if isinstance(error, ConnectionError):
        return SERVER_CLOSED
    words = str(error) or error.__class__.__name__
    return LocalText(words, f"通信错误：{words}")


def fault_text(error: BaseException) -> str:
    """Return the reason in English, for logs and answers to writes."""
    return fault(error).en


def fault_status(error: BaseException) -> int:
    """Return the StatusCode that stands for an error."""
    if isinstance(error, ua.UaStatusCodeError):
        return int(error.code)
    return st.BAD_TIMEOUT if isinstance(error, TimeoutError) else st.BAD_COMMUNICATION_ERROR


def is_decided(status: int) -> bool:
    """Tell whether an answer to a write says what became of it.

    A server in front of other devices answers a time-out or lost link of its own with a status; what the device did
    is then as unknown as after silence.
    """
    return status & 0xFFFF0000 not in _UNDECIDED


def quieten_library() -> None:
    """Keep the library's own logging to what is not told by our status already.

    It logs every lost connection several times with a traceback, from loggers that do not name the connection.
    """
    for name in ("asyncua", "asyncua.client", "asyncua.common", "asyncua.uaprotocol"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
