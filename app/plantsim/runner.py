"""The plant process: model, instruments, PLC processes and control port, in one event loop."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.model.errors import StoreError
from app.model.plant import Plant
from app.plantsim.control import ControlServer
from app.plantsim.disturbances import Disturbances
from app.plantsim.instruments import Instruments
from app.plantsim.messages import Message, Points
from app.plantsim.past import Past
from app.plantsim.process.works import WaterWorks
from app.plantsim.supervisor import PlcProcess
from app.trend import store_path

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PlantOptions:
    """How to run the plant: speed of time, PLC scan (ms), endpoints, restart delay (s), seed, hour to start at.

    ``past_hours``: so much of the time before the start is written into the project's trend store.
    """

    endpoint_file: Path
    endpoints: Mapping[str, str]
    speed: float = 1.0
    scan_ms: int = 250
    restart_delay_s: float = 2.0
    seed: int = 1
    hour: float | None = None
    past_hours: float = 0.0


class PlantRunner:
    """Steps the model in real time (times ``speed``) and keeps the PLCs fed."""

    def __init__(self, plant: Plant, options: PlantOptions) -> None:
        now = datetime.now(ZoneInfo(plant.time_zone))
        hour = options.hour if options.hour is not None else now.hour + now.minute / 60 + now.second / 3600
        self._options = options
        self._plant = plant
        self._works = WaterWorks(seed=options.seed, hour=hour, warm_up=False)
        self._instruments = Instruments(plant.tags, seed=options.seed, scans=max(1, 1000 // options.scan_ms))
        self._connection_of = {tag.name: tag.connection for tag in plant.tags.values()}
        self._heartbeats = [name for name in plant.tags if name.endswith(".HB")]
        self._kick = asyncio.Event()
        self._settled = asyncio.Event()
        self._plcs = {
            connection: PlcProcess(
                connection,
                plant.folder,
                endpoint,
                snapshot=self._snapshot_of(connection),
                settled=self._settled,
                on_write=self._written,
                restart_delay_s=options.restart_delay_s,
            )
            for connection, endpoint in options.endpoints.items()
        }
        self._disturbances = Disturbances(self._works, self._instruments, self._plcs)
        self._control = ControlServer(
            options.endpoint_file, {"status": lambda _params: self.status(), "disturb": self._disturb}
        )
        measured = {tag.name for tag in plant.tags.values() if not tag.expression}
        missing = sorted(measured - set(self._works.readings()) - set(self._heartbeats))
        if missing:
            _log.warning("the model has no value for: %s", ", ".join(missing))

    def status(self) -> Message:
        """Return the hour of the plant, its PLC processes and active disturbances."""
        return {
            "hour": round(self._works.hour, 3),
            "speed": self._options.speed,
            "disturbances": self._disturbances.active,
            "plcs": {name: plc.status() for name, plc in self._plcs.items()},
        }

    async def run(self, on_ready: Callable[[], None]) -> None:
        """Run until cancelled; ``on_ready`` is called once when every PLC serves."""
        tasks = [asyncio.create_task(plc.run(), name=f"plc-{name}") for name, plc in self._plcs.items()]
        tasks.append(asyncio.create_task(self._cycle(), name="model"))
        announce = asyncio.create_task(self._announce(on_ready), name="announce")
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in (announce, *tasks):
                if not task.cancelling():  # a second cancel would cut short the end of a child
                    task.cancel()
            await asyncio.gather(announce, *tasks, return_exceptions=True)
            await self._control.stop()

    async def _announce(self, on_ready: Callable[[], None]) -> None:
        for plc in self._plcs.values():
            await plc.ready.wait()
        await self._settled.wait()
        await self._control.start()
        on_ready()

    async def _cycle(self) -> None:
        await asyncio.to_thread(self._settle)  # meanwhile the PLC processes start
        self._measure(0.0, everything=True)
        self._settled.set()
        period = self._options.scan_ms / 1000
        last = time.monotonic()
        due = last + period
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._kick.wait(), max(0.0, due - time.monotonic()))
            now = time.monotonic()
            kicked = self._kick.is_set()
            self._kick.clear()
            self._works.advance((now - last) * self._options.speed)
            self._measure(now - last, analog=not kicked)
            last = now
            if now >= due:
                due = max(due + period, now)

    def _settle(self) -> None:
        """Run up to the present; in a thread of its own, before anybody else uses the model."""
        if not self._options.past_hours:
            self._works.settle()
            return
        past = Past(self._plant, self._options.past_hours, time.time_ns(), self._options.seed)

        def watch(left_s: float) -> None:
            if past.wants(left_s):
                past.keep(self._works.readings(), left_s)

        self._works.settle(watch)
        try:
            past.write(store_path(self._plant.id))
        except StoreError as error:
            _log.warning("the plant's past is not written: %s", error)

    def _measure(self, dt: float, *, everything: bool = False, analog: bool = True) -> None:
        readings = self._works.readings()
        beat = int(time.monotonic()) % 65536
        readings.update(dict.fromkeys(self._heartbeats, beat))
        changed = self._instruments.measure(readings, dt, everything=everything, analog=analog)
        parts: dict[str, Points] = {}
        for name, point in changed.items():
            parts.setdefault(self._connection_of[name], {})[name] = point
        for connection, points in parts.items():
            if connection in self._plcs:
                self._plcs[connection].send(points)

    def _snapshot_of(self, connection: str) -> Callable[[], Points]:
        def snapshot() -> Points:
            everything = self._instruments.snapshot()
            return {name: point for name, point in everything.items() if self._connection_of[name] == connection}

        return snapshot

    def _written(self, tag: str, value: float) -> None:
        self._instruments.written(tag, value)
        if not self._works.write(tag, value):
            _log.warning("nothing takes a value written to %s", tag)
        self._kick.set()

    def _disturb(self, params: Message) -> Any:
        name, on = str(params.get("name", "")), bool(params.get("on", True))
        target = self._disturbances.apply(name, str(params.get("target", "")), on=on)
        self._kick.set()
        return {"name": name, "target": target, "on": on}
