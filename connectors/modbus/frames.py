"""Whether what came over the wire answers the request that is in flight; pure.

The library skips frames with a foreign transaction or unit and goes on waiting, takes transaction 0 for any, and does
not look at function, byte count or echo at all. An answer to another request must never be taken for this one's.
"""

import struct
from typing import Final

HEAD: Final = 7
"""Bytes before the function code: transaction, protocol, length, unit."""
_READS_BITS: Final = frozenset({1, 2})
_READS: Final = frozenset({1, 2, 3, 4})
_WRITES_SEVERAL: Final = frozenset({15, 16})


def mismatch(request: bytes, received: bytes) -> str:
    """Tell why bytes that were received do not answer a request; empty where they do, or may when there are more.

    Args:
        request: the whole frame that was sent, empty where nothing is in flight.
        received: all that came since, from the beginning of a frame.

    """
    if not request:
        return "an answer that was not asked for"
    if len(received) < HEAD + 1:
        return ""
    asked, protocol, length, unit, function = struct.unpack(">HHHBB", received[: HEAD + 1])
    (transaction,) = struct.unpack(">H", request[:2])
    if asked != transaction:
        return f"transaction {asked} where {transaction} was expected"
    if protocol != 0:
        return f"protocol {protocol} where 0 was expected"
    if request[6] not in {0, unit}:
        return f"unit {unit} where {request[6]} was expected"
    body = request[HEAD:]
    if function & 0x7F != body[0]:
        return f"function {function & 0x7F} where {body[0]} was expected"
    if function & 0x80:  # some devices count one byte too few here
        return "" if length in {2, 3} and len(received) <= HEAD + 2 else "more than one exception"
    if len(received) > HEAD - 1 + length:
        return "more than one answer"
    return _wrong_body(body, length - 1, received[HEAD:])


def _wrong_body(asked: bytes, length: int, answer: bytes) -> str:
    """Compare the PDU of an answer, as much as has come of it, with what the request makes it be."""
    function = asked[0]
    if function in _READS:
        (count,) = struct.unpack(">H", asked[3:5])
        wanted = (count + 7) // 8 if function in _READS_BITS else count * 2
        if length != wanted + 2 or (len(answer) > 1 and answer[1] != wanted):
            return f"asked for {wanted} bytes, got {answer[1] if len(answer) > 1 else length - 2}"
        return ""
    echo = asked[:5] if function in _WRITES_SEVERAL else asked
    if length != len(echo) or not echo.startswith(answer[:length]):
        return "the answer does not repeat what was written"
    return ""
