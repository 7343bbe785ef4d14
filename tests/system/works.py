"""Servers that can be made to fail, an engine that is connected to all of them, and all that it tells of that."""

import asyncio
import json
import os
import re
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.link.client import EngineClient
from app.link.endpoint import read_endpoint
from app.link.messages import ConnectionChanged, LinkEvent
from app.model.connection import ConnectionStatus, Protocol_
from app.project.state import keys_folder
from connectors.opcua.certificates import Certificate
from connectors.opcua.trust import Trusted, TrustList
from tests.certificates import SERVER_URI, make
from tests.contract.harness import Server
from tests.system.harness import Service

PASSWORD = "another one"
"""Not that of the user at the server."""
_TAGS = """\
name,data_type,connection,address,low,high,scan_ms
P.LEVEL,float,plc,nsu=urn:test:contract;s=level,0,1000,100
P.NOWHERE,int,plc-odd,nsu=urn:test:contract;s=nowhere,0,1000,100
P.COUNT,int,plc-still,nsu=urn:test:contract;s=count,0,1000,100
P.HOST,float,plc-host,nsu=urn:test:contract;s=level,0,1000,100
P.PAIR,float,pair,nsu=urn:test:contract;s=level,0,1000,100
S.LEVEL,float,safe,nsu=urn:test:contract;s=level,0,1000,100
S.USER,float,safe-user,nsu=urn:test:contract;s=level,0,1000,100
S.NOBODY,float,safe-nobody,nsu=urn:test:contract;s=level,0,1000,100
S.STRICT,float,strict,nsu=urn:test:contract;s=level,0,1000,100
B.LEVEL,int,bus,hr0,0,1000,100
B.COUNT,int,bus,2/hr1,0,1000,100
B.NOWHERE,int,bus-odd,hr20,0,1000,100
B.HOST,int,bus-host,hr0,0,1000,100
R.LEVEL,int,serial,hr0,0,1000,100
T.LEVEL,int,tls,hr0,0,1000,100
T.CA,int,tls-ca,hr0,0,1000,100
T.KEY,int,tls-key,hr0,0,1000,100
T.OURS,int,tls-ours,hr0,0,1000,100
"""


def connection(name: str, protocol: str, endpoint: str, **options: str | float) -> str:
    lines = [f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}" for key, value in options.items()]
    head = f'[[connection]]\nid = "{name}"\nprotocol = "{protocol}"\nendpoint = "{endpoint}"\n[connection.options]\n'
    return "\n" + head + "\n".join([*lines, "reconnect_max_s = 0.5"]) + "\n"


def opcua(script: str = "") -> Server:
    return Server(Protocol_.OPCUA, script)


@dataclass
class Works:
    """The servers by what they are to an engineer, an engine, and what it told of each connection last."""

    folder: Path
    runner: asyncio.Runner
    plc: Server = field(default_factory=opcua)
    pair: tuple[Server, Server] = field(default_factory=lambda: (opcua(), opcua()))
    safe: Server = field(default_factory=lambda: opcua("opcua_secure_server.py"))
    strict: Server = field(default_factory=lambda: opcua("opcua_secure_server.py"))
    bus: Server = field(default_factory=lambda: Server(Protocol_.MODBUS_TCP))
    rtu: Server = field(default_factory=lambda: Server(Protocol_.MODBUS_RTU_TCP))
    told: dict[str, ConnectionStatus] = field(default_factory=dict)
    untranslated: list[str] = field(default_factory=list)
    client: EngineClient | None = None
    engine: Service | None = None

    def __post_init__(self) -> None:
        self.shown = make("server")
        self.tls = Server(Protocol_.MODBUS_TLS, folder=self.folder)
        (self.folder / "mutual").mkdir()
        self.mutual = Server(Protocol_.MODBUS_TLS, folder=self.folder / "mutual")

    @property
    def project(self) -> Path:
        return self.folder / "project"

    def do(self, work: Awaitable[Any]) -> Any:
        async def wait() -> Any:
            return await work

        return self.runner.run(wait())

    def start(self) -> None:
        self.do(self._start_servers())
        self._write_project()
        self._make_keys()
        environment = os.environ | {"HAIHE_SECRET_SAFE_USER": PASSWORD}
        self.engine = Service(["engine", str(self.project)], environment)
        self.engine.ready()
        endpoint = read_endpoint(next((self.folder / "state").rglob("engine.json")))
        assert endpoint is not None
        self.client = self.do(EngineClient.connect(endpoint, self._hear))
        for each in self.do(self.client.status()).connections:
            if each.id not in self.told:  # what came as an event is newer
                self._hear(ConnectionChanged(each))

    def _write_project(self) -> None:
        self.project.mkdir()
        (self.project / "other.pem").write_bytes(self.shown.pem)  # not that of the device
        (self.project / "ours.pem").write_bytes(self.shown.pem)
        first, second = self.pair
        text = '[plant]\nid = "reasons"\ntitle = "Reasons"\ntime_zone = "UTC"\n'
        for each in (
            connection("plc", "opcua", self.plc.endpoint, publishing_ms=100, timeout_s=2),
            connection("plc-odd", "opcua", self.plc.endpoint, publishing_ms=100),
            connection("plc-still", "opcua", self.plc.endpoint, publishing_ms=100, heartbeat="P.COUNT", heartbeat_s=1),
            connection("plc-host", "opcua", "opc.tcp://plc.invalid:4840"),
            connection("pair", "opcua", first.endpoint, endpoints=second.endpoint, publishing_ms=100, timeout_s=2),
            connection("safe", "opcua", self.safe.endpoint, security="sign"),
            connection("safe-user", "opcua", self.safe.endpoint, security="sign", user="haihe"),
            connection("safe-nobody", "opcua", self.safe.endpoint, security="sign"),
            connection("strict", "opcua", self.strict.endpoint, security="sign"),
            connection("bus-odd", "modbus-rtu-tcp", self.rtu.endpoint, timeout_s=0.5),
            connection("bus", "modbus-tcp", self.bus.endpoint, timeout_s=0.5, retry_s=1, max_gap=0),
            connection("bus-host", "modbus-tcp", "plc.invalid:502"),
            connection("serial", "modbus-rtu", "/dev/ttyUSB997"),
            connection("tls", "modbus-tls", self.tls.endpoint, ca_file="other.pem"),
            connection("tls-ca", "modbus-tls", "127.0.0.1:1", ca_file="nowhere.pem"),
            connection("tls-key", "modbus-tls", "127.0.0.1:2", certificate_file="ours.pem", private_key_file="an.key"),
            connection("tls-ours", "modbus-tls", self.mutual.endpoint, ca_file="mutual.pem"),
        ):
            text += each
        (self.project / "plant.toml").write_text(text, encoding="utf-8")
        (self.project / "tags.csv").write_text(_TAGS, encoding="utf-8")

    def _make_keys(self) -> None:
        """Trust the servers that are believed, and put files where connections look for them."""
        folder = keys_folder("reasons")
        for name in ("safe-user", "safe-nobody", "strict"):
            TrustList(folder).add(name, Trusted(Certificate.parse(self.shown.der), 0, any_host=False))
        make("else").save(folder, "an")
        shutil.copy(self.mutual.certificate, folder / "mutual.pem")

    async def _start_servers(self) -> None:
        certificate, key = self.shown.save(self.folder / "server", "shown")
        secured = {"certificate": str(certificate), "key": str(key), "uri": SERVER_URI,
                   "policies": ["Basic256Sha256_Sign"], "users": {"haihe": "correct"}, "anonymous": False}  # fmt: skip
        starts: list[tuple[Server, tuple[str, ...]]] = [
            (each, ()) for each in (self.plc, *self.pair, self.bus, self.rtu, self.tls)
        ]
        starts.append((self.safe, (json.dumps(secured),)))
        starts.append((self.strict, (json.dumps(secured | {"clients": []}),)))
        starts.append((self.mutual, ("--clients", str(certificate))))
        for server, options in starts:  # one after another: all at once are slow on a small machine
            await server.start(*options)

    def close(self) -> None:
        if self.client is not None:
            self.do(self.client.close())
        if self.engine is not None:
            self.engine.end()
        for server in (self.plc, *self.pair, self.bus, self.rtu, self.safe, self.strict, self.tls, self.mutual):
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
