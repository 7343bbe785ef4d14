"""``haihe alarms``: current alarms."""

import argparse

from app.cli.common import add_json, add_project, print_json, time_text, with_client
from app.link.client import EngineClient
from app.link.codec import encode
from app.model.alarm import AlarmSnapshot, AnnunciationState
from app.model.plant import Plant


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_project(parser)
    add_json(parser)
    parser.add_argument("--suppressed", action="store_true", help="also alarms that are suppressed")


def run(arguments: argparse.Namespace) -> int:
    """Print every alarm that annunciates: unacknowledged first, by priority, newest first."""

    async def work(plant: Plant, client: EngineClient) -> tuple[Plant, list[AlarmSnapshot]]:
        return plant, await client.alarms()

    def annunciates(each: AlarmSnapshot) -> bool:
        return each.state is not AnnunciationState.NORMAL and not each.suppression

    plant, snapshots = with_client(arguments.project, work)
    suppressed = sum(not annunciates(each) for each in snapshots)
    snapshots = snapshots if arguments.suppressed else [each for each in snapshots if annunciates(each)]
    priority = {name: int(alarm.priority) for name, alarm in plant.alarms.items()}
    snapshots.sort(key=lambda each: (not each.unacknowledged, priority.get(each.id, 2), -each.time_in_ns))
    if arguments.json:
        rows = []
        for each in snapshots:
            data = encode(each)
            definition = plant.alarms.get(each.id)
            if isinstance(data, dict):
                text = definition.text.en if definition else ""
                rows.append({**data, "priority": priority.get(each.id, 2), "text": text})
        print_json(rows)
        return 0
    for each in snapshots:
        definition = plant.alarms.get(each.id)
        text = definition.text.en if definition else "connection lost"
        state = "+".join([each.state.value, *sorted(each.suppression)])
        print(f"{priority.get(each.id, 2)}  {time_text(each.time_in_ns)}  {state:<6} {each.id:<28} {text}")
    if not snapshots:
        print("no alarms")
    if suppressed and not arguments.suppressed:
        print(f"{suppressed} suppressed (--suppressed lists them)")
    return 0
