"""``haihe alarms``: current alarms, and with an option the figures of alarm management or the journal."""

import argparse
import time
from typing import Final

from app.cli import alarm_journal, alarm_kpis
from app.cli.alarm_actions import ACTIONS
from app.cli.common import add_json, add_project, print_json, time_text, with_client
from app.link.client import EngineClient
from app.link.codec import encode
from app.model.alarm import AlarmDefinition, AnnunciationState, Suppression
from app.model.alarm_state import AlarmSnapshot
from app.model.plant import Plant

PARTS: Final = dict.fromkeys(ACTIONS, "alarm_actions")
"""Words that may stand where PROJECT does otherwise, and the modules that serve them."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_project(parser)
    add_json(parser)
    parser.add_argument("--suppressed", action="store_true", help="also alarms that are suppressed")
    parser.add_argument("--shelved", action="store_true", help="the shelved alarms, with the time that is left")
    parser.epilog = f"haihe alarms ACTION PROJECT ALARM... acts on alarms: {', '.join(ACTIONS)}; ACTION -h tells more"
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
    if arguments.shelved:
        snapshots = [each for each in snapshots if Suppression.SHELVED in each.suppression]
    elif not arguments.suppressed:
        snapshots = [each for each in snapshots if annunciates(each)]

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
        if arguments.shelved:
            text += _shelving(each, time.time_ns())
        since = time_text(each.time_in_ns) if each.time_in_ns else "-"
        print(f"{priority(each)}  {since:<24}  {state:<6} {each.id:<28} {text}")
    if not snapshots:
        print("no alarms" if not arguments.shelved else "no shelved alarms")
    if suppressed and not arguments.suppressed and not arguments.shelved:
        print(f"{suppressed} suppressed (--suppressed lists them)")
    return 0


def _shelving(shot: AlarmSnapshot, now_ns: int) -> str:
    """Return until when, by whom and why an alarm is shelved."""
    shelved = shot.shelved
    if shelved is None:
        return ""
    left = "" if shelved.until_ns is None else f", {max(0, shelved.until_ns - now_ns) // 10**9 // 60} min left"
    once = ", until it returns" if shelved.once else ""
    return f"  [{shelved.user} at {shelved.desk}: {shelved.reason}{once}{left}]"
