"""A project whose connections are all simulated runs without its plant, and says so."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from app.plantsim.project_copy import free_ports, write_project
from tests.system.harness import HAIHE, PASSWORD, ROOT, USER, Service

pytestmark = pytest.mark.system


def test_commands_are_verified_and_nothing_is_taken_for_real(tmp_path: Path) -> None:
    project = write_project(tmp_path / "project", free_ports(4))
    plant = project / "plant.toml"
    text = plant.read_text(encoding="utf-8")
    plant.write_text(text.replace("[[connection]]", "[[connection]]\nsimulate = true"), encoding="utf-8")
    (tmp_path / "shm").mkdir()
    environment = {
        **os.environ, "HAIHE_STATE": str(tmp_path / "state"), "HAIHE_SHM": str(tmp_path / "shm"),
        "HAIHE_PASSWORD": PASSWORD, "PYTHONUNBUFFERED": "1",
    }  # fmt: skip

    def cli(verb: str, *words: str) -> Any:
        done = subprocess.run(
            [*HAIHE, verb, str(project), *words, "--json"], env=environment, cwd=ROOT, capture_output=True, text=True,
            timeout=60, stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr + done.stdout
        return json.loads(done.stdout)

    adding = Service(["user", "add", str(project), USER, "--role", "operator"], environment)
    assert adding.process.wait(60) == 0, adding.lines
    adding.end()
    engine = Service(["engine", str(project)], environment)
    try:
        engine.ready()
        status = cli("status")
        assert {each["state"] for each in status["connections"]} == {"simulated"}
        assert all("made up" in each["error"] for each in status["connections"])
        (value,) = cli("read", "LZ.HL.OUT.PRES")
        assert (value["quality"], value["status_name"]) == ("good", "GoodLocalOverride")
        assert cli("write", "LZ.CL.DOSESP", "1.2", "--user", USER)["outcome"] == "success"
        (written,) = cli("read", "LZ.CL.DOSEREF")
        assert written["value"] == pytest.approx(1.2)
    finally:
        engine.end()
