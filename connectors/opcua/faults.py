"""What the OPC UA library raises, in words and status codes of ours."""

import logging
from typing import Final

from asyncua import ua

from app.model import status as st

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


class SessionLost(ConnectionError):
    """The session cannot be used any more; the text says why."""


def fault_text(error: BaseException) -> str:
    """Return the reason in words that an engineer can act on."""
    if isinstance(error, AssertionError):
        return "the server closed the secure channel while it was opened; it may refuse this client's certificate"
    if isinstance(error, SessionLost):
        return str(error)
    if isinstance(error, ua.UaStatusCodeError):
        return f"the server answered {error.__class__.__name__}: {ua.StatusCode(error.code).doc}"
    if isinstance(error, TimeoutError):
        return "the server did not answer in time"
    if isinstance(error, ConnectionRefusedError):
        return "connection refused; no server listens there"
    return str(error) or error.__class__.__name__


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
