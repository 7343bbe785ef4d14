"""What an operator does to alarms from a terminal, at a real engine with a real device."""

import asyncio
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.model.connection import Protocol_
from tests.contract.harness import Server
from tests.system.harness import HAIHE, PASSWORD, ROOT, Service, until

pytestmark = pytest.mark.system

PLANT = """
[plant]
id = "alarm-cli"
title = "Alarms"
time_zone = "UTC"

[[connection]]
id = "bus"
protocol = "modbus-tcp"
endpoint = "{}"
"""
TAGS = """\
name,data_type,connection,address,low,high,H,HH,priorities,scan_ms
B.LEVEL,int,bus,hr0,0,1000,100,500,H:3 HH:1,50
"""


class Desk:
    """A project with an engine, and the command line."""

    def __init__(self, folder: Path, endpoint: str) -> None:
        self.project = folder / "project"
        self.project.mkdir()
        (folder / "shm").mkdir()
        (self.project / "plant.toml").write_text(PLANT.format(endpoint), encoding="utf-8")
        (self.project / "tags.csv").write_text(TAGS, encoding="utf-8")
        self.environment = {
            **os.environ, "HAIHE_STATE": str(folder / "state"), "HAIHE_SHM": str(folder / "shm"),
            "HAIHE_PASSWORD": PASSWORD, "HAIHE_APPROVER_PASSWORD": PASSWORD,
        }  # fmt: skip
        for name, role in (("olga", "operator"), ("anna", "supervisor"), ("bert", "supervisor")):
            self.run("user", "add", str(self.project), name, "--role", role)
        self.engine = Service(["engine", str(self.project)], self.environment)
        self.engine.ready()

    def run(self, *words: str, status: int = 0) -> str:
        done = subprocess.run([*HAIHE, *words], env=self.environment, cwd=ROOT, capture_output=True, text=True,
                              timeout=60, stdin=subprocess.DEVNULL, check=False)  # fmt: skip
        assert done.returncode == status, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout if status == 0 else done.stderr

    def act(self, action: str, alarm: str, *options: str, status: int = 0, user: str = "olga") -> str:
        return self.run("alarms", action, str(self.project), alarm, "--user", user, *options, status=status)

    def states(self) -> dict[str, str]:
        found: list[dict[str, Any]] = json.loads(self.run("alarms", str(self.project), "--suppressed", "--json"))
        return {each["id"]: "+".join([each["state"], *each["suppression"]]) for each in found}


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as made:
        yield made


@pytest.fixture
def desk(tmp_path: Path, runner: asyncio.Runner) -> Iterator[Desk]:
    bus = Server(Protocol_.MODBUS_TCP)
    runner.run(bus.start())
    made = Desk(tmp_path, bus.endpoint)
    runner.run(bus.do("set", name="level", value=60.0))  # 600 as it comes over the wire
    try:
        until(lambda: set(made.states()) == {"B.LEVEL.H", "B.LEVEL.HH"}, 30, "both alarms stand")
        yield made
    finally:
        made.engine.end()
        runner.run(bus.kill())


def test_alarms_are_acknowledged_shelved_and_taken_out_of_service_by_accounts(desk: Desk) -> None:
    high, very_high = "B.LEVEL.H", "B.LEVEL.HH"
    assert "B.LEVEL.H: ACKED" in desk.act("ack", high, "--comment", "seen")
    assert "already" in desk.act("ack", high, status=1)
    assert "there is no alarm" in desk.act("ack", "B.LEVEL.L", status=1).lower()
    assert "--reason" in desk.act("shelve", high, "--for", "30min", status=2)
    report = json.loads(desk.act("shelve", high, "--for", "30min", "--reason", "float stuck", "--json"))
    assert [(each["id"], each["shelved"]["reason"]) for each in report["accepted"]] == [(high, "float stuck")]
    assert desk.states()[high] == "NORM+SHLVD"
    listed = desk.run("alarms", str(desk.project), "--shelved")
    assert "olga" in listed
    assert "float stuck" in listed
    assert "min left" in listed
    assert very_high not in listed
    desk.act("unshelve", high)
    assert desk.states()[high] == "UNACK"
    # What priority 1 needs: a supervisor, and a second one.
    desk.act("shelve", very_high, "--for", "5min", "--reason", "x", status=1)
    permit = ("--permit", "W-7", "--reason", "sensor is replaced")
    desk.act("remove-from-service", very_high, *permit, status=1)
    desk.act("remove-from-service", very_high, *permit, user="anna", status=1)
    desk.act("remove-from-service", very_high, *permit, "--approver", "anna", user="anna", status=1)
    desk.act("remove-from-service", very_high, *permit, "--approver", "bert", user="anna")
    assert desk.states()[very_high] == "NORM+OOSRV"
    desk.act("return-to-service", very_high, user="anna")
    assert desk.states()[very_high] == "UNACK"
    rows = json.loads(desk.run("alarms", str(desk.project), "--journal", "--kind", "alarm", "--json"))
    done = [(row["event"], row["object"], row["user"]) for row in reversed(rows) if row["user"]]
    assert done == [
        ("ACK", high, "olga"), ("SHELVE", high, "olga"), ("UNSHELVE", high, "olga"), ("OOS", very_high, "anna"),
        ("INSRV", very_high, "anna"),
    ]  # fmt: skip
    assert "W-7" in next(row["comment"] for row in rows if row["event"] == "OOS")
