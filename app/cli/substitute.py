"""``haihe substitute``: a value in the place of a bad sensor's, for a limited time; those in force."""

import argparse
import re
from typing import Any, Final

from app.cli.common import (
    add_json,
    add_project,
    ask_password,
    desk,
    fail,
    parse_value,
    print_json,
    sample_json,
    time_text,
    unknown_tags,
    value_text,
    with_client,
)
from app.link.client import EngineClient
from app.model.plant import Plant
from app.model.sample import Sample
from app.model.status import UNCERTAIN_SUBSTITUTE, status_name
from app.model.substitution import MAX_SUBSTITUTION_S, ActiveSubstitution, Substitution

_UNITS: Final = {"s": 1, "min": 60, "m": 60, "h": 3600, "d": 86400}


def parse_duration(text: str) -> int:
    """Return seconds of a duration such as ``90s``, ``30min``, ``2h``, at most 24 h; for argparse."""
    match = re.fullmatch(r"(\d{1,6})(s|min|m|h|d)", text.strip())
    seconds = int(match[1]) * _UNITS[match[2]] if match else 0
    if not 1 <= seconds <= MAX_SUBSTITUTION_S:
        raise argparse.ArgumentTypeError(f"'{text}' is not a duration; allowed: such as 90s, 30min, 2h, at most 24h")
    return seconds


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_project(parser)
    parser.add_argument("tag", nargs="?", metavar="TAG")
    parser.add_argument("value", nargs="?", type=parse_value, metavar="VALUE", help="within the range of the tag")
    parser.add_argument("--for", dest="seconds", type=parse_duration, metavar="DURATION", help="90s, 30min, 2h, …")
    parser.add_argument("--reason", default="", metavar="TEXT", help="needed with a value")
    parser.add_argument("--user", metavar="NAME", help="the password is asked, or in HAIHE_PASSWORD")
    parser.add_argument("--clear", action="store_true", help="end the substitution of TAG")
    parser.add_argument("--list", action="store_true", help="print those in force")
    add_json(parser)
    parser.set_defaults(usage_error=parser.error)


def run(arguments: argparse.Namespace) -> int:
    """Set, end or list; exit status 1 where the engine refuses."""
    _check_usage(arguments)
    if arguments.list:
        plant, active = with_client(arguments.project, _list)
        _print_list(plant, active, as_json=arguments.json)
        return 0
    password = ask_password(f"Password of {arguments.user}: ")

    async def work(plant: Plant, client: EngineClient) -> int:
        if problem := unknown_tags(plant, [arguments.tag]):
            return fail(f"haihe substitute: {problem}")
        await client.login(arguments.user, password, desk())
        if arguments.clear:
            done = await client.clear_substitution(arguments.tag, arguments.reason)
        else:
            done = await client.substitute(arguments.tag, arguments.value, arguments.reason, arguments.seconds)
        if arguments.json:
            print_json(_row(plant, ActiveSubstitution(done)))
        else:
            print(f"{done.tag}: the device's value counts again" if arguments.clear else _line(plant, done))
        return 0

    return with_client(arguments.project, work)


def _check_usage(arguments: argparse.Namespace) -> None:
    """End with exit status 2 where the words do not go together."""
    if arguments.list:
        if arguments.tag or arguments.clear:
            arguments.usage_error("--list stands alone")
        return
    needed = {"TAG": arguments.tag, "--user": arguments.user}
    if arguments.clear:
        if arguments.value is not None or arguments.seconds is not None:
            arguments.usage_error("--clear takes neither VALUE nor --for")
    else:
        needed |= {"VALUE": arguments.value is not None, "--for": arguments.seconds, "--reason": arguments.reason}
    missing = [name for name, given in needed.items() if not given]
    if missing:
        arguments.usage_error(f"missing: {', '.join(missing)}; allowed: TAG VALUE --for --reason --user, or --clear")


async def _list(plant: Plant, client: EngineClient) -> tuple[Plant, list[ActiveSubstitution]]:
    return plant, await client.substitutions()


def _print_list(plant: Plant, active: list[ActiveSubstitution], *, as_json: bool) -> None:
    if as_json:
        print_json([_row(plant, each) for each in active])
        return
    for each in active:
        tag, device = plant.tags.get(each.substitution.tag), each.device
        text = "-" if device is None else f"{value_text(tag, device)} {status_name(device.status)}"
        print(f"{_line(plant, each.substitution)}  device: {text}")
    if not active:
        print("no substitutions")


def _line(plant: Plant, substitution: Substitution) -> str:
    stands = Sample(substitution.value, UNCERTAIN_SUBSTITUTE, substitution.since_ns, substitution.since_ns)
    text = value_text(plant.tags.get(substitution.tag), stands)
    who = f"by {substitution.user} at {substitution.desk}"
    return f"{substitution.tag:<28} {text:>14}  until {time_text(substitution.until_ns)}  {who}: {substitution.reason}"


def _row(plant: Plant, active: ActiveSubstitution) -> dict[str, Any]:
    each, device = active.substitution, active.device
    return {
        "tag": each.tag,
        "value": each.value,
        "reason": each.reason,
        "user": each.user,
        "desk": each.desk,
        "since_ns": each.since_ns,
        "until_ns": each.until_ns,
        "until": time_text(each.until_ns),
        "device": None if device is None else sample_json(each.tag, plant.tags.get(each.tag), device),
    }
