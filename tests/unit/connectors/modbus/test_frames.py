"""What is accepted as an answer on a line whose frames have a check sum and no transaction number."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as some

from connectors.modbus.frames import Rtu

RTU = Rtu()
READ = RTU.frame(1, b"\x03\0\0\0\2")
RIGHT = RTU.frame(1, b"\x03\x04\0\1\0\2")


def test_the_check_sum_is_that_of_the_specification() -> None:
    # Modbus over Serial Line, appendix B: 02 07 gives 41 12
    assert RTU.frame(2, b"\x07") == b"\x02\x07\x41\x12"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (RTU.frame(2, RIGHT[1:-2]), "unit 2 where 1"),
        (RTU.frame(1, b"\x04" + RIGHT[2:-2]), "function 4 where 3"),
        (RTU.frame(1, b"\x84\2"), "function 4 where 3"),
        (RTU.frame(1, b"\x03\x02\0\1"), "asked for 4 bytes, got 2"),
        (RIGHT[:-1] + bytes([RIGHT[-1] ^ 1]), "CRC"),
        (RIGHT[:4] + b"\x55" + RIGHT[5:], "CRC"),
        (RIGHT + b"\0", "more than one answer"),
        (RTU.frame(1, b"\x83\2") + b"\0", "more than one answer"),
    ],
    ids=["unit", "function", "exception", "byte count", "check sum", "data", "more", "more than an exception"],
)
def test_what_does_not_fit_is_named(answer: bytes, words: str) -> None:
    assert words in RTU.mismatch(READ, answer)


def test_what_nobody_asked_for_does_not_fit() -> None:
    assert RTU.mismatch(b"", RIGHT) == "an answer that was not asked for"


WRITES = [b"\x05\0\x03\xff\0", b"\x06\0\x04\0\x07", b"\x10\0\x05\0\x02\x04\0\x01\0\x02", b"\x16\0\x06\xff\xf7\0\x08"]


@pytest.mark.parametrize(
    ("pdu", "answer"),
    [
        (READ[1:-2], RIGHT[1:-2]), (b"\x01\0\0\0\x0b", b"\x01\x02\xff\x07"), (READ[1:-2], b"\x83\x02"),
        *((pdu, pdu[:5] if pdu[0] == 16 else pdu) for pdu in WRITES),
        *((pdu, bytes([pdu[0] | 0x80, 3])) for pdu in WRITES),
    ],
)  # fmt: skip
def test_an_answer_is_whole_with_its_last_byte_and_fits_in_all_its_pieces(pdu: bytes, answer: bytes) -> None:
    request, frame = RTU.frame(17, pdu), RTU.frame(17, answer)
    for size in range(1, len(frame)):
        assert RTU.mismatch(request, frame[:size]) == ""
        assert RTU.answer(request, frame[:size]) is None
    assert RTU.mismatch(request, frame) == ""
    assert RTU.answer(request, frame) == answer


@given(some.binary(min_size=1, max_size=300))
def test_no_bytes_are_more_than_a_mismatch(junk: bytes) -> None:
    if RTU.mismatch(READ, junk) == "":
        assert RTU.answer(READ, junk) is None or struct.unpack(">BB", junk[:2]) in {(1, 3), (1, 0x83)}
