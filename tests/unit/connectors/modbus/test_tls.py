"""Encryption: a certificate is checked unless that is switched off, and ours is shown where the device wants one."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from app.model.connection import Connection, Protocol_
from app.model.errors import ProjectError
from app.model.keystore import Keystore
from app.security.secrets import find_secret
from connectors.modbus.errors import WireError
from connectors.modbus.plan import Span
from connectors.modbus.settings import ModbusSettings
from connectors.modbus.tls import tls_refusal
from connectors.modbus.wire import ModbusWire
from tests.contract.harness import device_certificate
from tests.unit.modbus_device import frame

KEYS = Keystore(Path("nowhere"), "small", partial(find_secret, "small"))

pytestmark = pytest.mark.usefixtures("no_task_left")


@asynccontextmanager
async def secure_device(folder: Path, *, wants_certificate: bool = False) -> AsyncIterator[int]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readexactly(12)
            writer.write(frame(int.from_bytes(head[:2], "big"), 1, b"\x03\x04\0\1\0\2"))
            await reader.read()
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            pass
        finally:
            writer.close()

    (folder / "device.pem").write_bytes(device_certificate())
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "device.pem")
    if wants_certificate:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(folder / "ours.pem")
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


async def read(port: int, options: dict[str, str | int | float | bool], host: str = "127.0.0.1") -> object:
    settings = ModbusSettings.of(Connection("plc-1", Protocol_.MODBUS_TLS, f"{host}:{port}", options=options), KEYS)
    wire = ModbusWire(settings.path)
    try:
        await wire.open(5)
        return await wire.read(Span(1, "hr", 0, 2), 5)
    finally:
        wire.close()
        for _ in range(5):
            await asyncio.sleep(0)


async def test_a_certificate_that_nobody_vouches_for_is_refused_in_words(tmp_path: Path) -> None:
    async with secure_device(tmp_path) as port:
        with pytest.raises(WireError, match=r"certificate is not trusted: self.signed certificate"):
            await read(port, {})


async def test_a_trusted_certificate_is_taken_for_the_name_that_it_has(tmp_path: Path) -> None:
    async with secure_device(tmp_path) as port:
        trusted = {"ca_file": str(tmp_path / "device.pem")}
        assert await read(port, {**trusted}) == [1, 2]
        with pytest.raises(WireError, match=r"certificate is not trusted: .*other\.works"):
            await read(port, {**trusted, "server_name": "other.works"})


async def test_the_check_can_be_switched_off(tmp_path: Path) -> None:
    async with secure_device(tmp_path) as port:
        assert await read(port, {"check_certificate": False}) == [1, 2]


def encrypted(pem: bytes, phrase: bytes) -> bytes:
    key = serialization.load_pem_private_key(pem, None)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(phrase)
    )


async def test_our_certificate_is_shown_with_a_key_whose_phrase_is_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = device_certificate()
    (tmp_path / "ours.pem").write_bytes(ours[: ours.index(b"-----BEGIN PRIVATE")])
    (tmp_path / "ours.key").write_bytes(encrypted(ours, b"open sesame"))
    options: dict[str, str | int | float | bool] = {
        "ca_file": str(tmp_path / "device.pem"),
        "certificate_file": str(tmp_path / "ours.pem"),
        "private_key_file": str(tmp_path / "ours.key"),
    }
    async with secure_device(tmp_path, wants_certificate=True) as port:
        with pytest.raises(WireError, match="a pass phrase belongs into HAIHE_KEY_PASSPHRASE_PLC_1"):
            await read(port, options)
        monkeypatch.setenv("HAIHE_KEY_PASSPHRASE_PLC_1", "open sesame")
        assert await read(port, options) == [1, 2]
        with pytest.raises(WireError, match=r"certificate of this client.*certificate_file"):  # told by closing
            await read(port, {"ca_file": str(tmp_path / "device.pem")})


def shake_hands(client: ssl.SSLObject, server: ssl.SSLObject) -> None:
    """Let the client do what it can until the server's alert is raised here."""
    for _ in range(5):
        with contextlib.suppress(ssl.SSLWantReadError):
            client.do_handshake()
            client.read()
        with contextlib.suppress(ssl.SSLError):
            server.do_handshake()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("shows_one", [False, True], ids=["none shown", "unknown one shown"])
def test_an_alert_about_our_certificate_says_where_it_belongs(
    tmp_path: Path, version: ssl.TLSVersion, shows_one: bool
) -> None:
    (tmp_path / "device.pem").write_bytes(device_certificate())
    device = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    device.load_cert_chain(tmp_path / "device.pem")
    device.verify_mode = ssl.CERT_REQUIRED
    ours = ssl.create_default_context(cafile=str(tmp_path / "device.pem"))
    ours.maximum_version = version
    if shows_one:
        (tmp_path / "ours.pem").write_bytes(device_certificate())
        ours.load_cert_chain(tmp_path / "ours.pem")
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = ours.wrap_bio(back, there, server_hostname="127.0.0.1")
    server = device.wrap_bio(there, back, server_side=True)
    with pytest.raises(ssl.SSLError) as alert:
        shake_hands(client, server)
    told = tls_refusal(alert.value)
    assert "refuses this client's certificate, or wants one" in told.en
    assert "certificate_file" in told.zh


async def test_a_name_that_nobody_knows_and_a_closed_door_are_told_apart() -> None:
    with pytest.raises(WireError, match="the name of the host is unknown"):
        await read(802, {}, host="plc.invalid")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with pytest.raises(WireError, match="nothing listens there"):
            await read(closed.getsockname()[1], {})


@pytest.mark.parametrize("option", ["ca_file", "certificate_file"])
async def test_files_that_cannot_be_used_are_named(option: str) -> None:
    with pytest.raises(WireError, match=f"{option} missing.pem cannot be used: no such file .*; put it there"):
        await read(1, {option: "missing.pem"})


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"ca_file": "none"}, "ca_file .*none cannot be used: .*; it must hold certificates"),
        (
            {"certificate_file": "one", "private_key_file": "other"},
            "private_key_file .*other .*the key that belongs",
        ),
        ({"certificate_file": "one", "private_key_file": "none"}, "private_key_file .*none .*it must be PEM"),
    ],
)
async def test_files_of_another_kind_are_named_with_what_is_wanted(
    tmp_path: Path, options: dict[str, str], words: str
) -> None:
    for name in ("one", "other"):
        (tmp_path / name).write_bytes(device_certificate())
    (tmp_path / "none").write_text("no certificate")
    with pytest.raises(WireError, match=words):
        await read(1, {option: str(tmp_path / name) for option, name in options.items()})


def test_a_key_without_its_certificate_is_refused() -> None:
    with pytest.raises(ProjectError, match="needs 'certificate_file'"):
        ModbusSettings.of(Connection("plc", Protocol_.MODBUS_TLS, "h:802", options={"private_key_file": "ours.key"}))
