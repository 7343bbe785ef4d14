"""``haihe trust`` and a running engine, against a real secured server."""

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from main import main
from tests.certificates import SERVER_URI, Made, make
from tests.contract.harness import SERVERS, free_port
from tests.system.harness import HAIHE, ROOT, Service, until
from tests.unit.project.sample import PLANT, edit, write

pytestmark = pytest.mark.system

SECRET = "correct horse battery"


class Plant:
    """A project whose connection ``uf`` asks a secured server for a user."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.folder = folder
        secured = 'security = "sign-and-encrypt"\nuser = "haihe"\nreconnect_max_s = 0.5\n'
        text = edit(
            PLANT,
            ("opc.tcp://127.0.0.1:4840/uf\"\n", f"opc.tcp://127.0.0.1:{self.port}/contract\"\n[connection.options]\n{secured}"),
        )  # fmt: skip
        self.project = write(folder / "project", plant_toml=text)
        (folder / "shm").mkdir()
        self.environment = {
            **os.environ, "HAIHE_STATE": str(folder / "state"), "HAIHE_SHM": str(folder / "shm"),
            "HAIHE_SECRET_UF": SECRET,
        }  # fmt: skip

    @contextlib.contextmanager
    def server(self, shown: Made) -> Iterator[None]:
        certificate, key = shown.save(self.folder / "server", "shown")
        options = {"certificate": str(certificate), "key": str(key), "uri": SERVER_URI, "users": {"haihe": SECRET},
                   "policies": ["NoSecurity", "Basic256Sha256_SignAndEncrypt"]}  # fmt: skip
        command = [sys.executable, "-W", "ignore", str(SERVERS / "opcua_secure_server.py"), str(self.port)]
        with subprocess.Popen(
            [*command, json.dumps(options)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            cwd=ROOT,
        ) as process:  # fmt: skip
            try:
                assert process.stdout is not None
                assert process.stdout.readline() == b"READY\n"
                yield
            finally:
                process.kill()

    def connection(self) -> dict[str, Any]:
        told = json.loads(self.status())
        found: dict[str, Any] = next(each for each in told["connections"] if each["id"] == "uf")
        return found

    def status(self) -> str:
        done = subprocess.run(
            [*HAIHE, "status", str(self.project), "--json"], cwd=ROOT, env=self.environment, text=True, timeout=60,
            check=True, capture_output=True,
        )  # fmt: skip
        return done.stdout


class Desk(io.StringIO):
    """A terminal at which somebody answers."""

    def isatty(self) -> bool:
        return True


@dataclass
class Cli:
    """``haihe`` in this process, which need not import the world each time."""

    plant: Plant
    captured: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def haihe(self, *words: str, status: int = 0) -> tuple[str, str]:
        done = main(words)
        out, error = self.captured.readouterr()
        assert done == status, out + error
        return out, error

    def trust(self, *words: str, status: int = 0, answer: str = "") -> tuple[str, str]:
        self.monkeypatch.setattr("sys.stdin", Desk(f"{answer}\n") if answer else io.StringIO())
        return self.haihe("trust", str(self.plant.project), "uf", *words, status=status)


@pytest.fixture
def plant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plant:
    made = Plant(tmp_path)
    for name in ("HAIHE_STATE", "HAIHE_SHM"):
        monkeypatch.setenv(name, made.environment[name])
    return made


@pytest.fixture
def cli(plant: Plant, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    return Cli(plant, capsys, monkeypatch)


def test_trust_is_shown_asked_for_listed_audited_and_removed(plant: Plant, cli: Cli) -> None:
    with plant.server(make("server")):
        seen = json.loads(cli.trust("--json")[0])
        assert seen["hosts"] == ["127.0.0.1", "localhost"]
        assert seen["uris"] == [SERVER_URI]
        assert not seen["trusted"]
        assert Path(seen["own"]["file"]).is_file()
        assert "no terminal" in cli.trust(status=1)[1]
        assert "--yes needs --fingerprint" in cli.trust("--yes", status=2)[1]
        assert "another certificate than" in cli.trust("--yes", "--fingerprint", "0" * 64, status=1)[1]
        assert "not trusted; nothing was changed" in cli.trust(status=1, answer="n")[1]
        assert cli.trust("--list")[0] == ""
        told, _ = cli.trust(answer="y")
        assert "127.0.0.1, localhost" in told
        assert "trusted; a running engine connects 'uf' by itself" in told
        assert json.loads(cli.trust("--json")[0])["trusted"]
        assert "trusted already" in cli.trust()[0]
    listed = json.loads(cli.trust("--list", "--json")[0])
    assert [each["fingerprint"] for each in listed] == [seen["fingerprint"]]
    assert "nothing like that" in cli.trust("--remove", "--fingerprint", "0" * 64, status=1)[1]
    assert "trusted no more" in cli.trust("--remove")[0]
    assert cli.trust("--list")[0] == ""
    assert cli.haihe("audit", "verify", str(plant.project))[0].startswith("2 records hold")
    assert "no server listens" in cli.trust(status=1)[1]


def test_what_cannot_be_trusted_is_told(plant: Plant, cli: Cli) -> None:
    with plant.server(make("server", hosts=["plc-9"])):
        told = json.loads(cli.trust("--json", status=1)[0])
        assert "is for plc-9" in told["problem"]
        cli.trust("--any-host", "--yes", "--fingerprint", told["fingerprint"])
        assert json.loads(cli.trust("--list", "--json")[0])[0]["any_host"]
    with plant.server(make("server", uri="urn:test:other")):
        out, error = cli.trust(status=1)
        assert "calls itself" in error
        assert "changed!" in out
    _, error = cli.haihe("trust", str(plant.project), "plc", status=1)
    assert "no OPC UA connection 'plc'" in error
    assert "there are: uf" in error


def test_an_engine_says_how_to_trust_then_connects_and_tells_no_secret(plant: Plant, cli: Cli) -> None:
    with plant.server(make("server")):
        engine = Service(["engine", str(plant.project)], plant.environment)
        try:
            engine.ready()
            lost = until(lambda: plant.connection()["error"], 20, "an untrusted server")
            assert "not trusted yet" in lost
            assert "haihe trust PROJECT uf" in lost
            fingerprint = json.loads(cli.trust("--json")[0])["fingerprint"]
            cli.trust("--yes", "--fingerprint", fingerprint)
            until(lambda: plant.connection()["state"] in {"connected", "degraded"}, 20, "a trusted server")
            told = plant.status()
        finally:
            assert engine.end() == 0
    logs = "".join(path.read_text() for path in (plant.folder / "state").rglob("*.log"))
    assert "connection uf: degraded" in logs or "connection uf: connected" in logs
    for text in (logs, told, "\n".join(engine.lines)):
        assert SECRET not in text
    keys = plant.folder / "state" / "projects" / "small" / "keys"
    assert keys.stat().st_mode & 0o777 == 0o700
    assert (keys / "own.pem").stat().st_mode & 0o777 == 0o600
