"""The demo plant as real processes: read, command, kill, disturb, stop."""

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from asyncua import Client, ua
from pymodbus.client import AsyncModbusTcpClient

from app.model.errors import EnvironmentProblem
from app.model.plant import Plant
from app.plantsim import control
from app.plantsim.control import call
from app.plantsim.project_copy import free_ports, write_project
from app.plantsim.registers import decode
from app.project import load_plant

pytestmark = pytest.mark.system

ROOT = Path(__file__).parents[2]
HL_P05 = 180


class RunningPlant:
    """A plant in its own process, with clients for its protocols."""

    def __init__(self, folder: Path) -> None:
        write_project(folder / "project", free_ports(4))
        self.plant: Plant = load_plant(folder / "project")
        self.endpoint_file = folder / "plant.json"
        self.process = subprocess.Popen(
            [
                sys.executable, "-m", "app.plantsim.main", str(self.plant.folder), "--endpoint-file",
                str(self.endpoint_file), "--restart-delay", "0.2", "--hour", "10",
            ],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        self.first_line = self.process.stdout.readline().strip()

    def call(self, method: str, **params: Any) -> Any:
        return call(self.endpoint_file, method, params)

    def plc(self, name: str) -> Any:
        return self.call("status")["plcs"][name]

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(15)
        assert self.process.stdout is not None
        self.process.stdout.close()

    async def opcua(self, connection: str) -> tuple[Client, Callable[[str], Any]]:
        client = Client(self.plant.connections[connection].endpoint, timeout=2)
        client.session_timeout = 60_000
        await client.connect()
        index = await client.get_namespace_index(f"urn:lingzhuang:{connection}")
        return client, lambda tag: client.get_node(f"ns={index};s={tag}")

    async def modbus(self, connection: str) -> AsyncModbusTcpClient:
        host, _, port = self.plant.connections[connection].endpoint.partition(":")
        client = AsyncModbusTcpClient(host, port=int(port), timeout=1, retries=0)
        assert await client.connect()
        return client


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPlant]:
    plant = RunningPlant(tmp_path_factory.mktemp("plant"))
    yield plant
    plant.close()


@pytest.fixture
async def uf(running: RunningPlant) -> AsyncIterator[Callable[[str], Any]]:
    client, node = await running.opcua("uf")
    yield node
    await client.disconnect()


@pytest.fixture
async def highlift(running: RunningPlant) -> AsyncIterator[AsyncModbusTcpClient]:
    client = await running.modbus("highlift")
    yield client
    client.close()


async def until(condition: Callable[[], Awaitable[bool]], timeout: float = 15.0) -> None:
    """Poll a real device until the condition holds."""
    async with asyncio.timeout(timeout):
        while not await condition():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


def test_it_says_ready(running: RunningPlant) -> None:
    assert running.first_line == "READY"
    assert {plc["state"] for plc in running.call("status")["plcs"].values()} == {"running"}
    assert running.endpoint_file.stat().st_mode & 0o777 == 0o600


async def test_opcua_values_have_exact_types_and_source_times(uf: Callable[[str], Any]) -> None:
    turbidity = await uf("LZ.UF.R01.PTURB").read_data_value()
    assert turbidity.Value.VariantType is ua.VariantType.Float
    assert 0.01 < turbidity.Value.Value < 0.06
    assert time.time() - turbidity.SourceTimestamp.timestamp() < 30
    assert (await uf("LZ.UF.R01.STEP").read_data_value()).Value.VariantType is ua.VariantType.Int32
    assert (await uf("LZ.UF.R01.LR").read_data_value()).Value.VariantType is ua.VariantType.Boolean
    with pytest.raises(ua.UaStatusCodeError):
        await uf("LZ.UF.R01.TMP").write_value(ua.Variant(1.0, ua.VariantType.Float))


async def test_values_and_the_heartbeat_move(uf: Callable[[str], Any]) -> None:
    beat, pressure = await uf("LZ.SYS.PLC01.HB").read_value(), await uf("LZ.UF.FEED.PRES").read_value()

    async def moved() -> bool:
        now = await uf("LZ.SYS.PLC01.HB").read_value(), await uf("LZ.UF.FEED.PRES").read_value()
        return bool(now[0] != beat and now[1] != pressure)

    await until(moved, 8.0)


async def test_opcua_commands_and_setpoints_are_executed(uf: Callable[[str], Any]) -> None:
    await uf("LZ.UF.R08.CMD").write_value(ua.Variant(1, ua.VariantType.Int32))

    async def filtering() -> bool:
        return bool(await uf("LZ.UF.R08.STEP").read_value() == 1 and await uf("LZ.UF.R08.CMD").read_value() == 0)

    await until(filtering, 5.0)
    await uf("LZ.UF.R08.FLOWSP").write_value(ua.Variant(5000.0, ua.VariantType.Float))

    async def clamped() -> bool:
        values = await uf("LZ.UF.R08.FLOWSP").read_value(), await uf("LZ.UF.R08.FLOWREF").read_value()
        return bool(values == (2100.0, 2100.0))

    await until(clamped, 5.0)


async def test_modbus_pump_start_goes_through_its_states(highlift: AsyncModbusTcpClient) -> None:
    assert (await highlift.read_input_registers(HL_P05, count=1)).registers == [0]
    await highlift.write_register(HL_P05, 1)
    seen: list[int] = []

    async def runs() -> bool:
        state = (await highlift.read_input_registers(HL_P05, count=1)).registers[0]
        if state not in seen:
            seen.append(state)
        return bool(state == 2)

    await until(runs)
    assert seen[-2:] == [1, 2]
    assert (await highlift.read_holding_registers(HL_P05, count=1)).registers == [0]
    await highlift.write_register(0, 390)

    async def echoed() -> bool:
        return bool((await highlift.read_input_registers(4, count=1)).registers == [390])

    await until(echoed, 5.0)
    assert (await highlift.write_register(7, 1)).isError()
    block = (await highlift.read_input_registers(0, count=14)).registers
    assert 0.3 < decode(block[2:4], "float32", "ABCD") < 0.45
    assert 5000 < decode(block[0:2], "float32", "CDAB") < 20000


async def test_a_killed_plc_returns_with_current_values(running: RunningPlant) -> None:
    pid = running.plc("uf")["pid"]
    os.kill(pid, signal.SIGKILL)

    async def back() -> bool:
        plc = running.plc("uf")
        return bool(plc["pid"] not in {None, pid} and plc["state"] == "running")

    await until(back, 30.0)
    client, node = await running.opcua("uf")
    assert 0 < await node("LZ.UF.R01.PTURB").read_value() < 0.1
    await client.disconnect()


async def test_a_stuck_sensor_reports_its_failure(running: RunningPlant, uf: Callable[[str], Any]) -> None:
    running.call("disturb", name="stuck", target="LZ.UF.R05.PTURB", on=True)

    async def status(code: int) -> bool:
        value = await uf("LZ.UF.R05.PTURB").read_data_value(raise_on_bad_status=False)
        return bool(value.StatusCode.value == code)

    await until(lambda: status(0x808C0000), 5.0)
    running.call("disturb", name="stuck", target="LZ.UF.R05.PTURB", on=False)
    await until(lambda: status(0), 5.0)


async def test_a_trip_and_broken_fibres_reach_the_plcs(
    running: RunningPlant, uf: Callable[[str], Any], highlift: AsyncModbusTcpClient
) -> None:
    running.call("disturb", name="trip", target="LZ.HL.P02", on=True)
    running.call("disturb", name="fibre", on=True)
    assert running.call("status")["disturbances"] == ["fibre LZ.UF.R03", "trip LZ.HL.P02"]

    async def tripped() -> bool:
        return bool((await highlift.read_input_registers(120, count=1)).registers == [4])

    async def turbid() -> bool:
        return bool(await uf("LZ.UF.R03.PTURB").read_value() > 0.06)

    await until(tripped, 5.0)
    await until(turbid, 30.0)
    running.call("disturb", name="trip", target="LZ.HL.P02", on=False)
    running.call("disturb", name="fibre", on=False)


async def test_lost_communication_keeps_the_socket_but_answers_nothing(running: RunningPlant) -> None:
    client = await running.modbus("intake")
    running.call("disturb", name="comms", target="intake", on=True)

    async def silent() -> bool:
        try:
            await client.read_input_registers(0, count=2)
        except Exception:
            return True
        return False

    await until(silent, 5.0)
    assert running.plc("intake")["pid"] is not None
    running.call("disturb", name="comms", target="intake", on=False)
    client.close()
    again = await running.modbus("intake")
    assert not (await again.read_input_registers(0, count=2)).isError()
    again.close()


async def test_an_offline_plc_stays_away_until_told(running: RunningPlant) -> None:
    running.call("disturb", name="offline", target="cl", on=True)

    async def state(wanted: str) -> bool:
        plc = running.plc("cl")
        return bool(plc["state"] == wanted and (plc["pid"] is None) == (wanted == "offline"))

    await until(lambda: state("offline"), 5.0)
    running.call("disturb", name="offline", target="cl", on=False)
    await until(lambda: state("running"), 30.0)


def test_wrong_disturbances_are_refused(running: RunningPlant) -> None:
    with pytest.raises(EnvironmentProblem, match="allowed: storm"):
        running.call("disturb", name="flood")
    with pytest.raises(EnvironmentProblem, match="cannot strike"):
        running.call("disturb", name="fibre", target="LZ.HL.P01")
    with pytest.raises(EnvironmentProblem, match="no running plant"):
        call(running.endpoint_file.with_name("none.json"), "status")


def test_the_disturb_command(running: RunningPlant, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    control.add_arguments(parser)
    file = ["--endpoint-file", str(running.endpoint_file)]
    assert control.run(parser.parse_args(["storm", *file])) == 0
    assert control.run(parser.parse_args(["status", *file])) == 0
    assert "storm" in json.loads(capsys.readouterr().out.splitlines()[1])["disturbances"]
    assert control.run(parser.parse_args(["storm", "--off", *file])) == 0
    assert control.run(parser.parse_args(["trip", "--equipment", "NO.PUMP", *file])) == 1
    assert "cannot strike" in capsys.readouterr().err


def test_a_second_plant_on_the_same_ports_says_so(running: RunningPlant, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "app.plantsim.main",
        str(running.plant.folder),
        "--endpoint-file",
        str(tmp_path / "p"),
    ]
    second = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert second.returncode == 1
    assert "of PLC 'uf' is taken" in second.stderr
    assert second.stderr.count("\n") == 1
    assert second.stdout == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_no_plc_outlives_the_plant(tmp_path: Path, number: signal.Signals) -> None:
    plant = RunningPlant(tmp_path)
    children = psutil.Process(plant.process.pid).children(recursive=True)
    assert len(children) == 4
    plant.process.send_signal(number)
    assert plant.process.wait(15) == (0 if number == signal.SIGTERM else -signal.SIGKILL)
    _, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []
    assert plant.endpoint_file.exists() == (number == signal.SIGKILL)
    plant.close()
