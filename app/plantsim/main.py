"""``haihe plant``: run the demo plant."""

import argparse
import asyncio
import contextlib
import logging
import signal
import sys
from pathlib import Path
from typing import Final

import resources
from app.model.errors import HaiheError
from app.model.plant import Plant
from app.plantsim.plc import run_plc
from app.plantsim.project_copy import with_port
from app.plantsim.runner import PlantOptions, PlantRunner
from app.project import load_plant
from app.project.state import plant_endpoint_path

DEMO_PROJECT: Final = Path(resources.__path__[0]) / "projects" / "lingzhuang"

__all__ = ["DEMO_PROJECT", "add_arguments", "run", "run_plant", "run_plc"]


def _speed(text: str) -> float:
    value = float(text)
    if not 0 < value <= 3600:
        raise argparse.ArgumentTypeError("must be above 0 and at most 3600")
    return value


def _scan(text: str) -> int:
    value = int(text)
    if not 20 <= value <= 1000:
        raise argparse.ArgumentTypeError("must be 20 to 1000")
    return value


def _past(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 24:
        raise argparse.ArgumentTypeError("must be 0 to 24")
    return value


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``haihe plant``."""
    parser.add_argument("project", nargs="?", type=Path, default=DEMO_PROJECT, help="project folder (default: demo)")
    parser.add_argument("--speed", type=_speed, default=1.0, metavar="N", help="run the plant N times as fast")
    parser.add_argument("--port-base", type=int, default=None, metavar="PORT", help="serve on PORT, PORT+1, …")
    parser.add_argument("--restart-delay", type=float, default=2.0, metavar="S", help="of a PLC that died, seconds")
    parser.add_argument("--scan-ms", type=_scan, default=250, metavar="MS", help="PLC scan, milliseconds")
    parser.add_argument("--seed", type=int, default=1, help="of the noise")
    parser.add_argument("--hour", type=float, default=None, help="plant-local hour to start at (default: now)")
    parser.add_argument(
        "--past", type=_past, default=0.0, metavar="HOURS", help="write so much of the past into the trend store first"
    )
    parser.add_argument("--endpoint-file", type=Path, default=None, help="where to write the control endpoint")


def endpoints(plant: Plant, port_base: int | None) -> dict[str, str]:
    """Return the endpoint of every connection, moved to consecutive ports where a base is given."""
    return {
        connection.id: connection.endpoint
        if port_base is None
        else with_port(connection.protocol, connection.endpoint, port_base + index)
        for index, connection in enumerate(plant.connections.values())
    }


def run(arguments: argparse.Namespace) -> int:
    """Run ``haihe plant`` until SIGTERM or Ctrl-C; returns the exit status."""
    try:
        plant = load_plant(arguments.project)
        options = PlantOptions(
            endpoint_file=arguments.endpoint_file or plant_endpoint_path(plant.id),
            endpoints=endpoints(plant, arguments.port_base),
            speed=arguments.speed,
            scan_ms=arguments.scan_ms,
            restart_delay_s=arguments.restart_delay,
            seed=arguments.seed,
            hour=arguments.hour,
            past_hours=arguments.past,
        )
        logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(_run(plant, options))
    except HaiheError as error:
        sys.stderr.write(f"haihe plant: {error}\n")
        return 1
    return 0


run_plant = run


async def _run(plant: Plant, options: PlantOptions) -> None:
    runner = PlantRunner(plant, options)
    task = asyncio.create_task(runner.run(_say_ready), name="plant")
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # Windows: Ctrl-C raises KeyboardInterrupt instead
            loop.add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task


def _say_ready() -> None:
    sys.stdout.write("READY\n")
    sys.stdout.flush()


def main() -> int:
    """Run from ``python -m app.plantsim.main``."""
    parser = argparse.ArgumentParser(prog="haihe plant", description="Run the demo plant behind real PLC servers.")
    add_arguments(parser)
    return run(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
