"""Runs one child process a PLC: starts it, feeds it, restarts it when it is gone."""

import asyncio
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import app
from app.model.errors import EnvironmentProblem
from app.plantsim.messages import Message, Points, WriteHandler, decode, encode

_log = logging.getLogger(__name__)

STOP_S: Final = 5.0


class PlcState(StrEnum):
    """State of a PLC process."""

    STARTING = "starting"
    RUNNING = "running"
    FROZEN = "frozen"
    """Alive, sockets open, answers nothing."""
    OFFLINE = "offline"
    """Killed, and not started again until told."""
    DOWN = "down"
    """Gone; comes back after the restart delay."""


class PlcProcess:
    """Supervises the process of one connection, in the plant's event loop; feeds it once ``settled`` is set."""

    def __init__(
        self,
        connection_id: str,
        folder: Path,
        endpoint: str,
        *,
        snapshot: Callable[[], Points],
        settled: asyncio.Event,
        on_write: WriteHandler,
        restart_delay_s: float,
    ) -> None:
        self.connection_id = connection_id
        self.endpoint = endpoint
        self.state = PlcState.STARTING
        self.restarts = 0
        self.ready = asyncio.Event()
        self._folder = folder
        self._snapshot = snapshot
        self._settled = settled
        self._on_write = on_write
        self._restart_delay_s = restart_delay_s
        self._process: asyncio.subprocess.Process | None = None
        self._served = False
        self._online = asyncio.Event()
        self._online.set()

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    def status(self) -> Message:
        """Return state, process id, endpoint and number of restarts."""
        return {
            "pid": self.pid,
            "state": self.state.value,
            "endpoint": self.endpoint,
            "restarts": self.restarts,
        }

    async def run(self) -> None:
        """Keep the process running until cancelled; then end it.

        Raises:
            EnvironmentProblem: it could not serve in the first place.

        """
        try:
            while True:
                await self._online.wait()
                await self._once()
                self.ready.clear()
                if self._online.is_set():
                    self.state = PlcState.DOWN
                    _log.warning("PLC %s ended; restarting in %.1f s", self.connection_id, self._restart_delay_s)
                    await asyncio.sleep(self._restart_delay_s)
                self.restarts += 1
        finally:
            await self._end()

    def send(self, points: Points) -> None:
        """Send changed points; dropped while there is no process (a new one gets everything)."""
        if points and self._settled.is_set():
            self._write({"set": points})

    def set_offline(self, *, on: bool) -> None:
        """Kill the process and keep it away, or let it come back."""
        if on:
            self._online.clear()
            self.state = PlcState.OFFLINE
            if self.pid is not None and self._process is not None:
                self._process.kill()
        else:
            self._online.set()

    def set_frozen(self, *, on: bool) -> None:
        """Make the process stop answering with its sockets open, or go on."""
        if self.pid is None:
            return
        self._write({"freeze": on})
        self.state = PlcState.FROZEN if on else PlcState.RUNNING

    async def _once(self) -> None:
        self.state = PlcState.STARTING
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "app.plantsim.plc", str(self._folder), self.connection_id, self.endpoint,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(),
        )  # fmt: skip
        await self._settled.wait()
        self._write({"set": self._snapshot()})
        await self._listen(self._process)
        status = await self._process.wait()
        self._process = None
        if status == 1 and not self._served:
            raise EnvironmentProblem(f"PLC {self.connection_id} cannot serve at {self.endpoint}; is the port in use?")

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        if process.stdout is None:
            return
        async for line in process.stdout:
            try:
                message = decode(line)
            except ValueError:
                _log.error("PLC %s said %r", self.connection_id, line)
                continue
            if "ready" in message:
                self.state = PlcState.RUNNING
                self.ready.set()
                self._served = True
            elif "write" in message:
                self._on_write(str(message["write"]), float(message["value"]))

    def _write(self, message: dict[str, Any]) -> None:
        stdin = self._process.stdin if self._process is not None else None
        if stdin is not None and not stdin.is_closing():
            stdin.write(encode(message))

    async def _end(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), STOP_S)
        except TimeoutError:
            process.kill()
            await process.wait()


def _environment() -> dict[str, str]:
    """Return the environment in which a child finds this package, wherever the plant was started."""
    root = str(Path(app.__path__[0]).parent)
    paths = [root, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
