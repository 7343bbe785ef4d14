"""``haihe probe`` against the demo plant: through the engine that holds the line, and without one."""

import struct
from collections.abc import Sequence
from typing import Any

import pytest

from tests.system.harness import Site

pytestmark = pytest.mark.system


def value(answer: dict[str, Any], kind: str, order: str) -> Any:
    return next(each["value"] for each in answer["meanings"] if (each["type"], each["order"]) == (kind, order))


def as_float(registers: Sequence[int]) -> float:
    number: float = struct.unpack(">f", struct.pack(">2H", registers[1], registers[0]))[0]
    return number


def test_an_address_is_shown_in_every_type_through_the_engine(running: Site) -> None:
    answer = running.json("probe", "intake", "1/ir4")
    assert answer["through"] == "the engine"
    assert value(answer, "float32", "CDAB") == pytest.approx(as_float(answer["registers"]))
    assert 0 < value(answer, "float32", "CDAB") < 200  # LZ.RW.INT.TURB
    shown = running.cli("probe", "intake", "1/ir4").stdout
    assert "ABCD" in shown
    assert "float32" in shown
    scans = running.connections()["intake"]["scans"]
    assert [scan["target_ms"] for scan in scans] == sorted(scan["target_ms"] for scan in scans)
    assert all(scan["requests"] >= 1 for scan in scans)
    assert "ms: achieved" in running.cli("status").stdout


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("nowhere", "hr0"), "no such connection: nowhere; allowed: "),
        (("uf", "hr0"), "uf is opcua; allowed: a Modbus connection"),
        (("intake", "xr0"), "is not a Modbus address"),
        (("intake", "ir9000"), "illegal data address"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(running: Site, words: tuple[str, str], reason: str) -> None:
    done = running.cli("probe", *words, status=1)
    assert done.stdout == ""
    assert reason in done.stderr
    assert done.stderr.count("\n") == 1
