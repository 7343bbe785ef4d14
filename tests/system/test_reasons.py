"""What is wrong with a connection is said alike by ``haihe status``, to consoles and in the log, with what to do.

One engine has a connection of each kind to servers of their own; the faults of docs/connectors.md and of its pages
come in turn. Not among them: what leaves the connection whole (sensor faults, lost values, wrong clocks), and
addresses that cannot be parsed, with which no engine starts.
"""

import asyncio
import json
import os
import re
import shutil
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import main
from app.link.client import EngineClient
from app.link.endpoint import read_endpoint
from app.link.messages import ConnectionChanged, LinkEvent
from app.model.connection import ConnectionState, ConnectionStatus, Protocol_
from tests.certificates import SERVER_URI, make
from tests.contract.harness import Server
from tests.system.harness import Service

pytestmark = pytest.mark.system

_TAGS = """\
name,data_type,connection,address,low,high,scan_ms
P.LEVEL,float,plc,nsu=urn:test:contract;s=level,0,1000,100
P.NOWHERE,int,plc-odd,nsu=urn:test:contract;s=nowhere,0,1000,100
S.LEVEL,float,safe,nsu=urn:test:contract;s=level,0,1000,100
B.LEVEL,int,bus,hr0,0,1000,100
B.COUNT,int,bus,2/hr1,0,1000,100
B.NOWHERE,int,bus-odd,hr20,0,1000,100
R.LEVEL,int,serial,hr0,0,1000,100
T.LEVEL,int,tls,hr0,0,1000,100
"""


def connection(name: str, protocol: str, endpoint: str, **options: str | float) -> str:
    lines = [f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}" for key, value in options.items()]
    head = f'[[connection]]\nid = "{name}"\nprotocol = "{protocol}"\nendpoint = "{endpoint}"\n[connection.options]\n'
    return "\n" + head + "\n".join([*lines, "reconnect_max_s = 0.5"]) + "\n"


@dataclass
class Works:
    """Servers that can be made to fail, an engine, and all that it tells of its connections."""

    folder: Path
    runner: asyncio.Runner
    plc: Server
    bus: Server
    rtu: Server
    safe: Server
    tls: Server
    told: dict[str, ConnectionStatus] = field(default_factory=dict)
    untranslated: list[str] = field(default_factory=list)
    client: EngineClient | None = None
    engine: Service | None = None

    @property
    def project(self) -> Path:
        return self.folder / "project"

    def do(self, work: Awaitable[Any]) -> Any:
        async def wait() -> Any:
            return await work

        return self.runner.run(wait())

    def start(self) -> None:
        self.do(self._start_servers())
        self.project.mkdir()
        shutil.copy(self.safe_certificate()[0], self.project / "other.pem")  # not that of the device
        text = '[plant]\nid = "reasons"\ntitle = "Reasons"\ntime_zone = "UTC"\n'
        text += connection("plc", "opcua", self.plc.endpoint, publishing_ms=100, timeout_s=2)
        text += connection("plc-odd", "opcua", self.plc.endpoint, publishing_ms=100)
        text += connection("bus-odd", "modbus-rtu-tcp", self.rtu.endpoint, timeout_s=0.5)
        text += connection("safe", "opcua", self.safe.endpoint, security="sign")
        text += connection("bus", "modbus-tcp", self.bus.endpoint, timeout_s=0.5, retry_s=1, max_gap=0)
        text += connection("serial", "modbus-rtu", "/dev/ttyUSB997")
        text += connection("tls", "modbus-tls", self.tls.endpoint, ca_file="other.pem")
        (self.project / "plant.toml").write_text(text, encoding="utf-8")
        (self.project / "tags.csv").write_text(_TAGS, encoding="utf-8")
        self.engine = Service(["engine", str(self.project)], dict(os.environ))
        self.engine.ready()
        endpoint = read_endpoint(next((self.folder / "state").rglob("engine.json")))
        assert endpoint is not None
        self.client = self.do(EngineClient.connect(endpoint, self._hear))
        for each in self.do(self.client.status()).connections:
            self._hear(ConnectionChanged(each))

    async def _start_servers(self) -> None:
        certificate, key = self.safe_certificate()
        secured = {"certificate": str(certificate), "key": str(key), "uri": SERVER_URI,
                   "policies": ["Basic256Sha256_Sign"]}  # fmt: skip
        await asyncio.gather(
            self.plc.start(), self.bus.start(), self.rtu.start(), self.tls.start(), self.safe.start(json.dumps(secured))
        )

    def safe_certificate(self) -> tuple[Path, Path]:
        return make("server").save(self.folder / "server", "shown")

    def close(self) -> None:
        if self.client is not None:
            self.do(self.client.close())
        if self.engine is not None:
            self.engine.end()
        for server in (self.plc, self.bus, self.rtu, self.safe, self.tls):
            self.do(server.kill())

    def _hear(self, event: LinkEvent) -> None:
        if isinstance(event, ConnectionChanged):
            self.told[event.status.id] = event.status
            if event.status.error and not re.search("[\u4e00-\u9fff]", event.status.error_zh):
                self.untranslated.append(event.status.error)

    def until(self, what: str, name: str, condition: Callable[[ConnectionStatus], object]) -> ConnectionStatus:
        """Wait until the engine told of a connection what is asked for; return that."""

        async def wait() -> ConnectionStatus:
            assert self.client is not None
            async with asyncio.timeout(30):
                while name not in self.told or not condition(self.told[name]):
                    await self.client.alarms()  # lets the loop hear what was told
            return self.told[name]

        try:
            status: ConnectionStatus = self.do(wait())
        except TimeoutError:
            raise AssertionError(f"not within 30 s: {what}; last told: {self.told.get(name)}") from None
        return status

    def logged(self, name: str) -> list[str]:
        """Return what the log says of a connection's states."""
        text = next((self.folder / "state").rglob("engine.log")).read_text("utf-8")
        return re.findall(rf"connection {name}: (\w+ .*)$", text, re.MULTILINE)


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Works]:
    folder = tmp_path_factory.mktemp("reasons")
    (folder / "shm").mkdir()
    with pytest.MonkeyPatch.context() as patch, asyncio.Runner() as runner:
        patch.setenv("HAIHE_STATE", str(folder / "state"))
        patch.setenv("HAIHE_SHM", str(folder / "shm"))
        works = Works(
            folder, runner, Server(Protocol_.OPCUA), Server(Protocol_.MODBUS_TCP), Server(Protocol_.MODBUS_RTU_TCP),
            Server(Protocol_.OPCUA, "opcua_secure_server.py"), Server(Protocol_.MODBUS_TLS, folder=folder),
        )  # fmt: skip
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
    Fault("certificate untrusted", "safe", LOST, "opc.tcp://127.0.0.1:.*haihe trust", "haihe trust"),
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
