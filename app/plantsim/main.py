"""``haihe plant``: run the demo plant."""

import argparse
import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import resources
from app.model.errors import HaiheError
from app.model.plant import Plant
from app.plantsim.control import check_alone
from app.plantsim.plc import run_plc
from app.plantsim.ports import check_ports
from app.plantsim.project_copy import with_port
from app.plantsim.runner import PlantOptions, PlantRunner
from app.project import load_plant
from app.project.state import plant_endpoint_path

DEMO_PROJECT: Final = Path(resources.__path__[0]) / "projects" / "lingzhuang"

__all__ = ["DEMO_PROJECT", "add_arguments", "between", "run", "run_plant", "run_plc"]


def between(low: float, high: float) -> Callable[[str], float]:
    """Return a type for argparse: a number from low to high."""

    def number(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"'{text}' is not allowed; expected {low:g} to {high:g}")
        return value

    return number


def _whole(low: int, high: int) -> Callable[[str], int]:
    """Return a type for argparse: a whole number from low to high."""

    def number(text: str) -> int:
        if not text.isdecimal() or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(f"'{text}' is not allowed; expected a whole number, {low} to {high}")
        return int(text)

    return number


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``haihe plant``."""
    parser.add_argument(
        "project", nargs="?", type=Path, default=DEMO_PROJECT, metavar="PROJECT", help="project folder (default: demo)"
    )
    parser.add_argument(
        "--speed", type=between(0.01, 3600), default=1.0, metavar="N", help="run the plant N times as fast"
    )
    parser.add_argument(
        "--port-base", type=_whole(1, 65000), default=None, metavar="PORT", help="serve on PORT, PORT+1, …"
    )
    parser.add_argument(
        "--restart-delay", type=between(0, 3600), default=2.0, metavar="S", help="of a PLC that died, seconds"
    )
    parser.add_argument("--scan-ms", type=_whole(20, 1000), default=250, metavar="MS", help="PLC scan, milliseconds")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of the noise")
    parser.add_argument(
        "--hour", type=between(0, 24), default=None, metavar="H", help="plant-local hour to start at (default: now)"
    )
    parser.add_argument(
        "--past",
        type=between(0, 24),
        default=0.0,
        metavar="HOURS",
        help="write so much of the past into the trend store first",
    )
    parser.add_argument(
        "--endpoint-file", type=Path, default=None, metavar="FILE", help="where to write the control endpoint"
    )


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
        check_alone(options.endpoint_file)
        check_ports(options.endpoints)
        logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(_run(plant, options))
    except HaiheError as error:
        sys.stderr.write(f"haihe plant: {error.line}\n")
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
