"""The parts of the engine that follow the project's configuration, and how they take another one while they run."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from app.alarms.definitions import with_connection_alarms
from app.dispatch.dispatcher import Dispatcher
from app.engine.alarmgate import AlarmGate
from app.engine.alarmservice import AlarmService
from app.engine.annotations import AnnotationService
from app.engine.calculator import Calculator
from app.engine.commandservice import CommandService
from app.engine.conditioning import Conditioning
from app.engine.connections import Connections
from app.engine.externalalarms import ExternalAlarmService
from app.engine.ingest import Ingest
from app.engine.layout import Layout
from app.engine.substitutionservice import SubstitutionService
from app.engine.values import Values
from app.engine.windows import StoreWindows
from app.model.clock import Clock
from app.model.plant import Plant
from app.model.text import LocalText
from app.trend import SlotSpec, slots_of


class NextStore(Protocol):
    """A store of other slots beside the one that is written."""

    def close(self) -> None:
        """Let it go, and remove it where nobody went on in it."""


class ChangingStore(Protocol):
    """What a change of the configuration asks of the trend store's writer."""

    def successor(self, slots: Sequence[SlotSpec], *, now_ns: int) -> NextStore:
        """Make the store of other slots beside this one; in any thread. Raises StoreError."""

    def succeed(self, successor: Any, *, now_ns: int) -> None:
        """Go on in that store; raises StoreError, and has changed nothing then."""


@dataclass(frozen=True)
class Configured:
    """Belongs to the event loop."""

    store: ChangingStore
    values: Values
    conditioning: Conditioning
    ingest: Ingest
    calculator: Calculator
    windows: StoreWindows
    gate: AlarmGate
    alarms: AlarmService
    dispatcher: Dispatcher
    commands: CommandService
    substitutions: SubstitutionService
    annotations: AnnotationService
    external: ExternalAlarmService
    connections: Connections
    clock: Clock

    async def prepare(self, before: Plant, plant: Plant) -> NextStore | None:
        """Make the store that another configuration needs, while this one runs; None where the one that is serves.

        Raises:
            StoreError: there is no room for it.

        """
        slots = slots_of(plant)
        if slots == slots_of(before):
            return None
        return await asyncio.to_thread(self.store.successor, slots, now_ns=self.clock.now_ns())

    async def apply(self, before: Plant, plant: Plant, successor: NextStore | None) -> tuple[str, ...]:
        """Take another configuration, with the store that was prepared; return the connections that were touched.

        First every part puts the tags where they are now, then it takes their definitions. Connectors come last: what
        they deliver then is judged by the new rules already. No sample comes between the changes of the other parts:
        only the end of connectors is waited for.

        Raises:
            StoreError: the store cannot be taken; nothing has changed.

        """
        tags = list(plant.tags.values())
        layout = Layout(list(before.tags.values()), tags)
        if successor is not None:
            self.store.succeed(successor, now_ns=self.clock.now_ns())
            self.windows.close()
        if not layout.is_same:
            self._relocate(layout)
        self.dispatcher.redefine(plant.commands, plant.tags)
        self.commands.redefine(plant)
        self.substitutions.redefine(plant.tags)
        self.annotations.redefine(plant.tags)
        definitions = with_connection_alarms(plant.alarms.values(), plant.connections.values())
        self.alarms.redefine(definitions, self.values.get, lambda: self.gate.redefine(tags))
        self.conditioning.redefine(tags)
        self.ingest.redefine(tags)
        self.calculator.redefine(tags)
        self._tell_of_other_types(layout)
        touched = await self.connections.redefine(plant.connections, tags)
        self.external.redefine(plant)  # after the last word of connectors that ended, before the first of new ones
        return touched

    def _relocate(self, layout: Layout) -> None:
        """Move what is held by slot; the store has the new ones."""
        self.gate.wake()  # the alarms hear of the last samples by what they were
        self.values.relocate(layout)
        self.conditioning.relocate(layout)
        self.ingest.relocate(layout)
        self.connections.relocate(layout)

    def _tell_of_other_types(self, layout: Layout) -> None:
        """Let the store and the alarms know that what they have of a tag is a value of another type, and an old one."""
        now_ns = self.clock.now_ns()
        known = [(slot, self.values.read(layout.tags[slot].name, now_ns)) for slot in layout.retyped]
        if known:
            self.ingest.take([(slot, replace(sample, receive_ns=now_ns)) for slot, sample in known])


def needs_restart(old: Plant, new: Plant) -> list[LocalText]:
    """Return why a running engine cannot take another configuration; nothing where it can."""
    if new.id != old.id:
        return [LocalText(f"it is another project: id {new.id}", f"是另一个工程：id 为 {new.id}")]
    if new.history.spool_mib != old.history.spool_mib:
        return [LocalText("another spool_mib of [history]", "[history] 的 spool_mib 已改变")]
    return []
