"""``haihe alarms``: current alarms, and with an option the figures of alarm management or the journal."""

import argparse

from app.cli import alarm_journal, alarm_kpis
from app.cli.common import add_json, add_project, print_json, time_text, with_client
from app.link.client import EngineClient
from app.link.codec import encode
from app.model.alarm import AlarmDefinition, AnnunciationState
from app.model.alarm_state import AlarmSnapshot
from app.model.plant import Plant


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_project(parser)
    add_json(parser)
    parser.add_argument("--suppressed", action="store_true", help="also alarms that are suppressed")
    alarm_kpis.add_options(parser)
    alarm_journal.add_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print every alarm that annunciates: unacknowledged first, by priority, newest first."""
    if arguments.kpi:
        return alarm_kpis.run(arguments)
    if arguments.journal:
        return alarm_journal.run(arguments)

    async def work(plant: Plant, client: EngineClient) -> tuple[Plant, list[AlarmSnapshot]]:
        return plant, await client.alarms()

    def annunciates(each: AlarmSnapshot) -> bool:
        return each.state is not AnnunciationState.NORMAL and not each.suppression

    plant, snapshots = with_client(arguments.project, work)
    suppressed = sum(not annunciates(each) for each in snapshots)
    snapshots = snapshots if arguments.suppressed else [each for each in snapshots if annunciates(each)]

    def defined(each: AlarmSnapshot) -> AlarmDefinition | None:
        return each.external.definition if each.external is not None else plant.alarms.get(each.id)

    def priority(each: AlarmSnapshot) -> int:
        definition = defined(each)
        return int(definition.priority) if definition is not None else 2

    snapshots.sort(key=lambda each: (not each.unacknowledged, priority(each), -each.time_in_ns))
    if arguments.json:
        rows = []
        for each in snapshots:
            data = encode(each)
            definition = defined(each)
            if isinstance(data, dict):
                text = definition.text.en if definition else ""
                rows.append({**data, "priority": priority(each), "text": text})
        print_json(rows)
        return 0
    for each in snapshots:
        definition = defined(each)
        text = definition.text.en if definition else "connection lost"
        state = "+".join([each.state.value, *sorted(each.suppression)])
        if each.external is not None:
            origin = each.external.definition.connection
            text += f"  [{origin}]" if each.external.known else f"  [{origin}: not known now]"
        print(f"{priority(each)}  {time_text(each.time_in_ns)}  {state:<6} {each.id:<28} {text}")
    if not snapshots:
        print("no alarms")
    if suppressed and not arguments.suppressed:
        print(f"{suppressed} suppressed (--suppressed lists them)")
    return 0
