"""``haihe write``: the dispatch path from a terminal: log in, select, show the checks, operate, verify."""

import argparse
import difflib
from typing import Any

from app.cli.common import add_json, add_project, ask_password, desk, fail, parse_value, print_json, with_client
from app.link.client import EngineClient
from app.model.command import CommandOutcome, CommandRefused, CommandResult
from app.model.plant import Plant
from app.model.status import status_name


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_project(parser)
    parser.add_argument("command", metavar="TAG", help="setpoint tag, or id of an action such as LZ.HL.P01.START")
    parser.add_argument("value", nargs="?", type=parse_value, metavar="VALUE", help="of a setpoint")
    parser.add_argument("--user", required=True, metavar="NAME", help="the password is asked, or in HAIHE_PASSWORD")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Give the command; exit status 0 only where the plant did it."""
    password = ask_password(f"Password of {arguments.user}: ")

    async def work(plant: Plant, client: EngineClient) -> dict[str, Any]:
        await client.login(arguments.user, password, desk())
        try:
            selection = await client.select(arguments.command, arguments.value)
            return _result(await client.operate(selection.token))
        except CommandRefused as refusal:
            return _refusal(plant, arguments.command, arguments.value, refusal)

    answer = with_client(arguments.project, work)
    if arguments.json:
        print_json(answer)
    done = answer["outcome"] == CommandOutcome.SUCCESS.value
    line = f"{answer['command']}: {answer['outcome']}: {answer['message']}"
    if not done:
        reason = ": ".join(filter(None, [answer["reason"], answer["detail"]]))
        return fail(f"haihe write: {line} ({reason})" if reason else f"haihe write: {line}")
    if not arguments.json:
        print(line)
    return 0


def _result(result: CommandResult) -> dict[str, Any]:
    return {
        "command": result.command,
        "value": result.value,
        "outcome": result.outcome.value,
        "reason": result.reason.value if result.reason else None,
        "detail": result.detail,
        "message": result.message.en,
        "device_status": status_name(result.device_status),
        "feedback": result.feedback,
        "elapsed_ms": round(result.elapsed_ms, 1),
        "correlation": result.correlation,
    }


def _refusal(plant: Plant, command: str, value: object, refusal: CommandRefused) -> dict[str, Any]:
    near: list[str] = []
    if command not in plant.commands:
        near = difflib.get_close_matches(command, plant.commands, n=1, cutoff=0.6)
    return {
        "command": command,
        "value": value,
        "outcome": CommandOutcome.REFUSED.value,
        "reason": refusal.reason.value,
        "detail": refusal.detail,
        "message": refusal.text.en + (f" Did you mean '{near[0]}'?" if near else ""),
        "device_status": None,
        "feedback": None,
        "elapsed_ms": 0.0,
        "correlation": "",
    }
