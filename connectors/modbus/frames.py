"""What goes around a PDU on the wire, and whether what came back answers the request that is in flight; pure.

Libraries skip frames with a foreign transaction or unit and go on waiting, and do not look at function, byte count or
echo at all. An answer to another request must never be taken for this one's.
"""

import struct
from typing import Final, Protocol

from pymodbus.framer import FramerRTU, FramerSocket
from pymodbus.pdu import DecodePDU

HEAD: Final = 7
"""Bytes before the function code on TCP and TLS: transaction, protocol, length, unit."""
_READS_BITS: Final = frozenset({1, 2})
_READS: Final = frozenset({1, 2, 3, 4})
_WRITES_SEVERAL: Final = frozenset({15, 16})
_MASK_WRITE: Final = 22
_CRC: Final = 2
"""Bytes of the check sum at the end of an RTU frame."""
_EXCEPTION: Final = 2
"""Bytes of an exception: function, code."""
NOT_ASKED: Final = "an answer that was not asked for"


class Framing(Protocol):
    """Puts PDUs into frames, one request after the other, and takes the answers out."""

    def frame(self, unit: int, pdu: bytes) -> bytes:
        """Return the frame of the next request."""

    def mismatch(self, request: bytes, received: bytes) -> str:
        """Tell why bytes that were received do not answer a request; empty where they do, or may when there are more.

        Args:
            request: the whole frame that was sent, empty where nothing is in flight.
            received: all that came since, from the beginning of a frame.

        """

    def answer(self, request: bytes, received: bytes) -> bytes | None:
        """Return the PDU of an answer that fits; None where it is not whole yet."""


class Mbap:
    """Frames of Modbus over TCP and TLS, with a transaction number."""

    def __init__(self) -> None:
        self._library = FramerSocket(DecodePDU(False))
        self._transaction = 0

    def frame(self, unit: int, pdu: bytes) -> bytes:
        """Return the frame of the next request."""
        self._transaction = self._transaction % 0xFFFF + 1
        return self._library.encode(pdu, unit, self._transaction)

    def mismatch(self, request: bytes, received: bytes) -> str:
        """Compare transaction, protocol, unit, function, length, byte count and echo."""
        if not request:
            return NOT_ASKED
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
            return "" if length in {2, 3} and len(received) <= HEAD + _EXCEPTION else "more than one exception"
        if len(received) > HEAD - 1 + length:
            return "more than one answer"
        return _wrong_body(body, length - 1, received[HEAD:])

    def answer(self, request: bytes, received: bytes) -> bytes | None:
        """Return the PDU of an answer that fits; None where it is not whole yet."""
        size = HEAD + _answer_length(request[HEAD:], received[HEAD : HEAD + 1])
        return received[HEAD:size] if len(received) >= size else None


class Rtu:
    """Frames of a serial line, or of one behind a converter that passes them on over TCP: no transaction, but a CRC."""

    def frame(self, unit: int, pdu: bytes) -> bytes:
        """Return the frame of the next request."""
        head = bytes([unit]) + pdu
        return head + FramerRTU.compute_CRC(head).to_bytes(2, "big")

    def mismatch(self, request: bytes, received: bytes) -> str:
        """Compare unit, function, byte count, echo, length and CRC."""
        if not request:
            return NOT_ASKED
        if received[0] != request[0]:
            return f"unit {received[0]} where {request[0]} was expected"
        if len(received) < 2:
            return ""
        body, function = request[1:-_CRC], received[1]
        if function & 0x7F != body[0]:
            return f"function {function & 0x7F} where {body[0]} was expected"
        length = _answer_length(body, received[1:2])
        if not function & 0x80 and (reason := _wrong_body(body, length, received[1 : 1 + length])):
            return reason
        size = 1 + length + _CRC
        if len(received) > size:
            return "more than one answer"
        if len(received) == size and not FramerRTU.check_CRC(received[:-_CRC], int.from_bytes(received[-_CRC:], "big")):
            return "its CRC is wrong"
        return ""

    def answer(self, request: bytes, received: bytes) -> bytes | None:
        """Return the PDU of an answer that fits; None where it is not whole yet."""
        size = 1 + _answer_length(request[1:], received[1:2])
        return received[1:size] if len(received) >= size + _CRC else None


def _answer_length(asked: bytes, function: bytes) -> int:
    """Return how many bytes the PDU of the answer has; ``function``: its first byte, as far as it came."""
    if function and function[0] & 0x80:
        return _EXCEPTION
    if asked[0] in _READS:
        return 2 + _bytes_of(asked)
    return 7 if asked[0] == _MASK_WRITE else 5


def _bytes_of(asked: bytes) -> int:
    """Return how many bytes of data the answer to a read has."""
    (count,) = struct.unpack(">H", asked[3:5])
    bytes_: int = (count + 7) // 8 if asked[0] in _READS_BITS else count * 2
    return bytes_


def _wrong_body(asked: bytes, length: int, answer: bytes) -> str:
    """Compare the PDU of an answer, as much as has come of it, with what the request makes it be."""
    function = asked[0]
    if function in _READS:
        wanted = _bytes_of(asked)
        if length != wanted + 2 or (len(answer) > 1 and answer[1] != wanted):
            return f"asked for {wanted} bytes, got {answer[1] if len(answer) > 1 else length - 2}"
        return ""
    echo = asked[:5] if function in _WRITES_SEVERAL else asked
    if length != len(echo) or not echo.startswith(answer[:length]):
        return "the answer does not repeat what was written"
    return ""
