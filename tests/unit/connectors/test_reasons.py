"""What errors of the network are in words, the same for all protocols."""

import asyncio
import errno
import socket

import pytest

from app.model.text import LocalText
from connectors.modbus.errors import WireError
from connectors.modbus.path import TcpPath
from connectors.opcua.faults import fault
from connectors.reasons import located, unreachable

CASES = [
    (
        OSError(errno.EHOSTUNREACH, "x"),
        "the host cannot be reached (No route to host): see its power, cable",
        "无法连接到主机",
    ),
    (OSError(errno.ENETUNREACH, "x"), "the host cannot be reached (Network is unreachable)", "请检查主机电源"),
    (TimeoutError(errno.ETIMEDOUT, "x"), "the host cannot be reached (Connection timed out)", "网线和交换机"),
    (socket.gaierror(socket.EAI_NONAME, "x"), "the name of the host is unknown: correct it in plant.toml", "域名解析"),
]


@pytest.mark.parametrize(("error", "en", "zh"), CASES)
def test_a_host_that_cannot_be_reached_is_told_with_where_to_look(error: OSError, en: str, zh: str) -> None:
    told = unreachable(error)
    assert told is not None
    assert told.en.startswith(en)
    assert zh in told.zh


@pytest.mark.parametrize("error", [ConnectionRefusedError(errno.ECONNREFUSED, "x"), ConnectionResetError()])
def test_a_host_that_answered_is_no_unreachable_one(error: OSError) -> None:
    assert unreachable(error) is None


@pytest.mark.parametrize(("error", "en", "zh"), [CASES[0], CASES[3]])
async def test_every_protocol_says_so(error: OSError, en: str, zh: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert fault(error).en.startswith(en)

    async def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", fail)
    with pytest.raises(WireError) as told:
        await TcpPath("plc", 502).open(asyncio.Protocol)
    assert told.value.text.en.startswith(en)
    assert zh in told.value.text.zh


def test_the_place_is_named_once_and_nothing_stays_nothing() -> None:
    assert located(LocalText("it is away", "已断开"), "plc:502") == LocalText("plc:502: it is away", "plc:502：已断开")
    assert located(LocalText("plc:502 is away", "x"), "plc:502") == LocalText("plc:502 is away", "x")
    assert located(LocalText(), "plc:502") == LocalText()
