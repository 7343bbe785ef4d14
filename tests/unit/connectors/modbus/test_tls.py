"""Encryption: a certificate is checked unless that is switched off, and ours is shown where the device wants one."""

import asyncio
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
        with pytest.raises(WireError):  # TLS 1.3 tells with the first read
            await read(port, {"ca_file": str(tmp_path / "device.pem")})


@pytest.mark.parametrize("option", ["ca_file", "certificate_file"])
async def test_files_that_cannot_be_used_are_named(option: str) -> None:
    with pytest.raises(WireError, match=f"{option} missing.pem cannot be used: no such file"):
        await read(1, {option: "missing.pem"})


def test_a_key_without_its_certificate_is_refused() -> None:
    with pytest.raises(ProjectError, match="needs 'certificate_file'"):
        ModbusSettings.of(Connection("plc", Protocol_.MODBUS_TLS, "h:802", options={"private_key_file": "ours.key"}))
