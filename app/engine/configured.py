"""The parts of the engine that follow the project's configuration, and how they take another one while they run."""

from dataclasses import dataclass

from app.alarms.definitions import with_connection_alarms
from app.dispatch.dispatcher import Dispatcher
from app.engine.alarmgate import AlarmGate
from app.engine.alarmservice import AlarmService
from app.engine.calculator import Calculator
from app.engine.commandservice import CommandService
from app.engine.conditioning import Conditioning
from app.engine.connections import Connections
from app.engine.externalalarms import ExternalAlarmService
from app.engine.ingest import Ingest
from app.engine.substitutionservice import SubstitutionService
from app.engine.values import Values
from app.model.plant import Plant
from app.model.text import LocalText
from app.trend import slots_of


@dataclass(frozen=True)
class Configured:
    """Belongs to the event loop."""

    values: Values
    conditioning: Conditioning
    ingest: Ingest
    calculator: Calculator
    gate: AlarmGate
    alarms: AlarmService
    dispatcher: Dispatcher
    commands: CommandService
    substitutions: SubstitutionService
    external: ExternalAlarmService
    connections: Connections

    async def apply(self, plant: Plant) -> tuple[str, ...]:
        """Take another configuration of the same slots (``needs_restart``); return the connections that were touched.

        Connectors come last: what they deliver then is judged by the new rules already. No sample comes between the
        changes of the other parts: only the end of connectors is waited for.
        """
        tags = list(plant.tags.values())
        self.dispatcher.redefine(plant.commands, plant.tags)
        self.commands.redefine(plant)
        self.substitutions.redefine(plant.tags)
        definitions = with_connection_alarms(plant.alarms.values(), plant.connections.values())
        self.alarms.redefine(definitions, self.values.get, self.gate.redefine)
        self.conditioning.redefine(tags)
        self.ingest.redefine(tags)
        self.calculator.redefine(tags)
        touched = await self.connections.redefine(plant.connections, tags)
        self.external.redefine(plant)  # after the last word of connectors that ended, before the first of new ones
        return touched


def needs_restart(old: Plant, new: Plant) -> list[LocalText]:
    """Return why a running engine cannot take another configuration; nothing where it can."""
    reasons: list[LocalText] = []
    if new.id != old.id:
        return [LocalText(f"it is another project: id {new.id}", f"是另一个工程：id 为 {new.id}")]
    added = [name for name in new.tags if name not in old.tags]
    removed = [name for name in old.tags if name not in new.tags]
    for names, en, zh in ((added, "new tags", "新增位号"), (removed, "tags that are no more", "删除的位号")):
        if names:
            reasons.append(LocalText(f"{en}: {_some(names)}", f"{zh}：{_some(names)}"))
    if not added and not removed and list(new.tags) != list(old.tags):
        reasons.append(LocalText("the tags are in another order", "位号顺序已改变"))
    both = [name for name in new.tags if name in old.tags]
    retyped = [name for name in both if new.tags[name].data_type is not old.tags[name].data_type]
    if retyped:
        reasons.append(LocalText(f"another data type: {_some(retyped)}", f"数据类型已改变：{_some(retyped)}"))
    rings = [{spec.name: spec.retention.capacities for spec in slots_of(plant)} for plant in (old, new)]
    resized = [name for name in both if rings[0][name] != rings[1][name]]
    if resized:
        reasons.append(LocalText(f"another retention: {_some(resized)}", f"保留等级已改变：{_some(resized)}"))
    if new.history.spool_mib != old.history.spool_mib:
        reasons.append(LocalText("another spool_mib of [history]", "[history] 的 spool_mib 已改变"))
    return reasons


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" … ({len(names)})" if len(names) > 3 else "")
