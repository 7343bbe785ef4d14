"""What is wrong with a connection is said alike by ``haihe status``, to consoles and in the log, with what to do.

One engine has a connection of each kind to servers of their own; the faults of docs/connectors.md and of its pages
come in turn. Not among them: what leaves the connection whole (sensor faults, lost values, wrong clocks), and
addresses that cannot be parsed, with which no engine starts.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

import main
from app.model.connection import ConnectionState, ConnectionStatus
from tests.contract.harness import Server
from tests.system.works import Works

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Works]:
    folder = tmp_path_factory.mktemp("reasons")
    (folder / "shm").mkdir()
    with pytest.MonkeyPatch.context() as patch, asyncio.Runner() as runner:
        patch.setenv("HAIHE_STATE", str(folder / "state"))
        patch.setenv("HAIHE_SHM", str(folder / "shm"))
        works = Works(folder, runner)
        try:
            works.start()
            yield works
        finally:
            works.close()


@dataclass(frozen=True)
class Fault:
    """A fault: what it does and undoes (None: it is there from the start, or stays), and what must be said of it."""

    name: str
    connection: str
    state: ConnectionState
    en: str
    zh: str
    begin: Callable[[Works], Awaitable[Any]] | None = None
    end: Callable[[Works], Awaitable[Any]] | None = None


async def each(*work: Awaitable[Any]) -> None:
    for one in work:
        await one


async def freeze(server: Server, frozen: bool) -> None:
    server.freeze(frozen)


def exception(code: int, en: str, zh: str, prefix: str = "1/hr0: the device answered exception") -> Fault:
    return Fault(
        f"exception {code}", "bus", ConnectionState.DEGRADED, f"{prefix}.*{en}", zh,
        lambda works: works.bus.do("bad", name="level", code=code),
        lambda works: works.bus.do("set", name="level", value=1),
    )  # fmt: skip


LOST, DEGRADED = ConnectionState.LOST, ConnectionState.DEGRADED
FAULTS = [
    Fault("unknown node", "plc-odd", DEGRADED,
          r"1 tags refused, first P\.NOWHERE \(nsu=urn:test:contract;s=nowhere\): BadNodeIdUnknown; .*correct the add",
          "请更正工程中的地址"),
    Fault("server shut down", "plc", DEGRADED, r"not running \(state 4, Shutdown\): .*start it", "请查看服务器",
          lambda works: works.plc.do("state", value=4), lambda works: works.plc.do("state", value=0)),
    Fault("server publishes nothing", "plc", LOST, "opc.tcp://127.0.0.1:.*stopped to publish: a new session is opened",
          "停止发布数据", lambda works: works.plc.do("mute", on=True), lambda works: works.plc.do("mute", on=False)),
    Fault("server hangs", "plc", LOST, "opc.tcp://127.0.0.1:.*did not answer in time: see whether it hangs",
          "请检查服务器",
          lambda works: freeze(works.plc, True), lambda works: freeze(works.plc, False)),
    Fault("server killed", "plc", LOST, "opc.tcp://127.0.0.1:.*no server listens there: start the server",
          "请启动服务器",
          lambda works: works.plc.kill(), lambda works: works.plc.start()),
    Fault("heartbeat stands still", "plc-still", DEGRADED,
          r"connected, but the program stands still: P\.COUNT has not changed for more than 1 s; see whether the PLC",
          "请检查 PLC 是否运行"),
    Fault("unknown host of a server", "plc-host", LOST,
          r"opc\.tcp://plc\.invalid:4840: the name of the host is unknown: correct it in plant\.toml",
          "更正 plant.toml 中的主机名"),
    Fault("unknown host of a device", "bus-host", LOST,
          r"plc\.invalid:502: the name of the host is unknown: correct it in plant\.toml", "更正 plant.toml"),
    Fault("both servers down", "pair", LOST,
          r"none of 2 servers serves: (opc\.tcp://127\.0\.0\.1:\d+/contract: connection refused.*start the.*){2}",
          "2 个服务器均不可用",
          lambda works: each(*(server.kill() for server in works.pair)),
          lambda works: each(*(server.start() for server in works.pair))),
    Fault("certificate untrusted", "safe", LOST, "opc.tcp://127.0.0.1:.*haihe trust", "haihe trust"),
    Fault("our certificate refused", "strict", LOST,
          r"opc\.tcp://127\.0\.0\.1:.*refused the secure channel.*have .*own\.der trusted there \(SHA-256 ",
          "请在服务器上信任"),
    Fault("user refused", "safe-user", LOST,
          r"opc\.tcp://127\.0\.0\.1:.*refuses user 'haihe'.*password in HAIHE_SECRET_SAFE_USER",
          "HAIHE_SECRET_SAFE_USER"),
    Fault("nobody logs in", "safe-nobody", LOST,
          r"opc\.tcp://127\.0\.0\.1:.*admits no anonymous users; set user", "请设置 user"),
    Fault("illegal address", "bus-odd", DEGRADED,
          r"1 addresses refused, first B\.NOWHERE \(hr20\): illegal data address; correct the address", "更正地址"),
    exception(1, "illegal function.*take another", "请改用其他表"),
    exception(3, "illegal data value; correct the address", "更正地址", r"1 addresses refused, first B\.LEVEL \(hr0\)"),
    exception(4, "device failure.*see the device's own diagnosis", "诊断信息"),
    exception(5, "still working.*asked again", "重新读取"),
    exception(6, "device busy.*asked again", "重新读取"),
    exception(8, "memory parity error.*diagnosis", "诊断信息"),
    exception(10, "gateway path unavailable.*gateway's configuration", "网关中该从站的配置"),
    exception(11, "gateway target failed to respond.*power and wiring", "请检查网关后从站"),
    Fault("unit silent", "bus", DEGRADED, "no answer from unit 2: see its power and wiring", "请检查其电源",
          lambda works: works.bus.do("silent", units=[2]), lambda works: works.bus.do("silent", units=[])),
    Fault("device hangs", "bus", LOST, r"127\.0\.0\.1:.*no answer within 0.5 s from any unit: see whether",
          "请检查设备",
          lambda works: freeze(works.bus, True), lambda works: freeze(works.bus, False)),
    Fault("device off", "bus", LOST, r"127\.0\.0\.1:.*nothing listens there: see that the device is on",
          "请检查设备已通电",
          lambda works: works.bus.kill(), lambda works: works.bus.start()),
    Fault("no serial port", "serial", LOST, "serial port /dev/ttyUSB997 cannot be opened: No such file.*plugged in",
          "适配器"),
    Fault("device's certificate", "tls", LOST, r"127\.0\.0\.1:.*certificate is not trusted: .*; see ca_file",
          "ca_file"),
    Fault("no such file of certificates", "tls-ca", LOST,
          r"127\.0\.0\.1:1: ca_file .*/nowhere\.pem cannot be used: no such file or directory; put it there",
          "ca_file"),
    Fault("key of another certificate", "tls-key", LOST,
          r"127\.0\.0\.1:2: private_key_file .*/an\.key cannot be used: key values mismatch; take the key that",
          "private_key_file"),
    Fault("device wants our certificate", "tls-ours", LOST,
          r"127\.0\.0\.1:.*it may want a certificate of this client \(see certificate_file", "certificate_file"),
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_status_console_and_log_say_the_same_with_what_to_do(
    works: Works, fault: Fault, capsys: pytest.CaptureFixture[str]
) -> None:
    if fault.begin is not None:
        works.until("whole before", fault.connection, lambda status: status.state is ConnectionState.CONNECTED)
        works.do(fault.begin(works))

    def is_said(status: ConnectionStatus) -> object:
        return status.state is fault.state and re.search(fault.en, status.error)

    def agreed(told: ConnectionStatus) -> bool:
        if not is_said(told):
            return False
        capsys.readouterr()
        assert main.main(["status", str(works.project), "--json"]) == 0
        rows = {each["id"]: each for each in json.loads(capsys.readouterr().out)["connections"]}
        row = rows[fault.connection]
        assert f"{told.state.value} {told.error}" in works.logged(fault.connection)
        return (row["state"], row["error"], row["error_zh"]) == (told.state.value, told.error, told.error_zh)

    for _ in range(20):  # a state may be over before it was asked for: the connection is opened again
        told = works.until(f"{fault.state} {fault.en}", fault.connection, is_said)
        assert fault.zh in told.error_zh
        if agreed(told):
            break
    else:
        raise AssertionError(f"status never said {told}")
    if fault.end is not None:
        works.do(fault.end(works))
        works.until("whole after", fault.connection, lambda status: status.state is ConnectionState.CONNECTED)
        assert works.logged(fault.connection)[-1].strip() == "connected"
    assert not works.untranslated


def test_the_server_that_takes_over_is_told_and_logged(works: Works, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = works.pair
    works.until("the first one serves", "pair", lambda status: status.endpoint == first.endpoint)
    works.do(first.kill())
    works.until(
        "the other one serves", "pair", lambda status: (status.endpoint, status.state.is_up) == (second.endpoint, True)
    )
    capsys.readouterr()
    assert main.main(["status", str(works.project), "--json"]) == 0
    rows = {each["id"]: each for each in json.loads(capsys.readouterr().out)["connections"]}
    assert rows["pair"]["endpoint"] == second.endpoint
    assert rows["pair"]["state"] == "connected"
    (notice,) = rows["pair"]["notices"]
    assert notice["en"].startswith(f"{first.endpoint} cannot take over: connection refused; no server listens there")
    assert notice["zh"].startswith(f"{first.endpoint} 无法接管：连接被拒绝")
    assert notice["en"] in next((works.folder / "state").rglob("engine.log")).read_text("utf-8")
    lost = [line for line in works.logged("pair") if line.startswith("lost")]
    assert any(first.endpoint in line for line in lost)
    assert f"from {first.endpoint} to {second.endpoint}" in works.logged("pair")
    works.do(first.start())
