"""``haihe engine``: load the project, take the lock, run until told to stop."""

import asyncio
import contextlib
import importlib.metadata
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Final

from app.engine.alive import Alive
from app.engine.checkpoints import Checkpoints
from app.engine.engine import Engine, Parts
from app.engine.heap import share_one_heap
from app.engine.lock import ProjectLock
from app.engine.logs import RecentErrors, start_logging
from app.engine.metricserver import MetricServer
from app.engine.tasks import end_tasks
from app.link.endpoint import process_identity, remove_endpoint, write_endpoint
from app.model.clock import SystemClock
from app.model.command import CommandDefinition
from app.model.connection import SIMULATED, ConnectorFactory, Protocol_
from app.model.engine import EngineEndpoint
from app.model.keystore import Keystore
from app.model.plant import Plant
from app.model.sample import Sample
from app.project import load_plant
from app.project.state import (
    alive_path,
    checkpoint_path,
    database_path,
    endpoint_path,
    keys_folder,
    log_folder,
    state_folder,
)
from app.security.secrets import find_secret
from app.storage import Database
from app.trend import StoreReader, StoreWriter, slots_of, store_path
from connectors import modbus, opcua, simulated

log = logging.getLogger(__name__)

TURN_S: Final = 0.0005
"""How long a thread may keep the interpreter from another that waits. SQLite gives it away at every row: with 5 ms, as
it is otherwise, what stores a flood waits that long at each, and what judges it is kept from its turn."""


def connectors_of(plant: Plant, commands: Callable[[], Iterable[CommandDefinition]]) -> dict[str, ConnectorFactory]:
    """Return what makes the connectors of each protocol, with the plant's keys and secrets where it needs them.

    ``commands`` tells those of the plant as it is configured now.
    """
    keystore = Keystore(keys_folder(plant.id), plant.id, partial(find_secret, plant.id))
    of_modbus = modbus.factory(keystore)
    factories = {each.value: of_modbus if each.is_modbus else opcua.factory(keystore) for each in Protocol_}
    return {**factories, SIMULATED: simulated.factory(commands)}


def run_engine(
    folder: Path, on_ready: Callable[[EngineEndpoint], None], *, port: int = 0, metrics_port: int | None = None
) -> int:
    """Run the engine of a project until SIGTERM or Ctrl-C; returns the exit status.

    Figures for a monitoring system are served on loopback where a port is given for them.

    Raises:
        ProjectError, EngineRunningError, StoreError, EnvironmentProblem: it cannot start.

    """
    share_one_heap()
    sys.setswitchinterval(TURN_S)
    plant = load_plant(folder)
    with ProjectLock(state_folder(plant.id) / "engine.lock", plant.id):
        recent = start_logging(log_folder(plant.id))
        log.info("engine of %s starts, process %d", plant.id, os.getpid())
        try:
            asyncio.run(_run(plant, recent, on_ready, port, metrics_port))
        except Exception:
            log.exception("the engine failed")
            raise
        finally:
            remove_endpoint(endpoint_path(plant.id), os.getpid())
        log.info("engine of %s stopped", plant.id)
    return 0


async def _run(
    plant: Plant, recent: RecentErrors, on_ready: Callable[[EngineEndpoint], None], port: int, metrics_port: int | None
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # Windows: Ctrl-C raises KeyboardInterrupt instead
            loop.add_signal_handler(number, stop.set)
    path = store_path(plant.id)
    url = os.environ.get("HAIHE_DATABASE") or f"sqlite:///{database_path(plant.id)}"
    version = _version()
    store = StoreWriter(path, slots_of(plant), now_ns=time.time_ns(), checkpoint=checkpoint_path(plant.id))
    for message in store.messages:
        log.warning("trend store: %s", message)
    checkpoints = Checkpoints(path, checkpoint_path(plant.id))
    clock = SystemClock()
    alive = Alive(alive_path(plant.id), clock)

    def commands() -> Iterable[CommandDefinition]:
        return engine.configuration.plant.commands.values()

    try:
        known = _last_known(path)
        engine = Engine(
            Parts(
                plant=plant,
                store=store,
                known=known,
                known_until_ns=max((sample.receive_ns for sample in known.values()), default=0),
                alive=alive,
                store_path=path,
                open_database=lambda: Database(url),
                database_name=url.split("://", 1)[0],
                spool_folder=state_folder(plant.id) / "spool",
                connectors=connectors_of(plant, commands),
                clock=clock,
                version=version,
                pid=os.getpid(),
                recent_errors=lambda: tuple(recent.lines),
                load=load_plant,
                port=port,
            )
        )

        def ready(link: str) -> None:
            endpoint = EngineEndpoint(
                os.getpid(), link, engine.secret, str(path), plant.id, str(plant.folder), time.time_ns(), version,
                process_identity(os.getpid()),
            )  # fmt: skip
            write_endpoint(endpoint_path(plant.id), endpoint)
            on_ready(endpoint)

        metrics = MetricServer(engine.status, metrics_port) if metrics_port is not None else None
        keeping = asyncio.create_task(checkpoints.run(), name="checkpoints")
        try:
            await engine.run(ready, stop)
        finally:
            if metrics is not None:
                await metrics.close()
            await end_tasks([keeping])
    finally:  # also where the engine failed: what it stored so far must outlive a reboot
        store.close()
        await asyncio.to_thread(checkpoints.save)


def _last_known(path: Path) -> dict[str, Sample]:
    """Return what the store says last of every tag, so that a PLC which is away at the start shows old values."""
    with StoreReader(path) as reader:
        return {name: reader.sample(slot) for slot, name in enumerate(reader.names)}


def _version() -> str:
    try:
        return importlib.metadata.version("haihe")
    except importlib.metadata.PackageNotFoundError:
        return "0"
