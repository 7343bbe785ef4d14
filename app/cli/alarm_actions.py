"""``haihe alarms ACTION``: what operators do to alarms, by an account of theirs, from a terminal."""

import argparse
from typing import Any, Final

from app.cli.common import add_json, add_project, ask_password, desk, fail, print_json, time_text, with_client
from app.cli.substitute import parse_duration
from app.link.client import EngineClient
from app.link.codec import encode
from app.link.messages import AcknowledgeReport, AlarmActionRequest
from app.model.alarm_action import AlarmAction
from app.model.plant import Plant

ACTIONS: Final = {
    "ack": AlarmAction.ACKNOWLEDGE,
    "comment": AlarmAction.COMMENT,
    "confirm": AlarmAction.CONFIRM,
    "reset": AlarmAction.RESET,
    "shelve": AlarmAction.SHELVE,
    "unshelve": AlarmAction.UNSHELVE,
    "remove-from-service": AlarmAction.REMOVE_FROM_SERVICE,
    "return-to-service": AlarmAction.RETURN_TO_SERVICE,
}
"""By the word of the command line."""
_REASONED: Final = frozenset({AlarmAction.SHELVE, AlarmAction.REMOVE_FROM_SERVICE, AlarmAction.COMMENT})


def add_part(parser: argparse.ArgumentParser, word: str) -> None:
    """Add the arguments of one action."""
    action = ACTIONS[word]
    parser.set_defaults(action=action)
    add_project(parser)
    parser.add_argument("alarms", nargs="+", metavar="ALARM", help="id of an alarm such as LZ.UF.R03.PTURB.H")
    parser.add_argument("--user", required=True, metavar="NAME", help="the password is asked, or in HAIHE_PASSWORD")
    parser.add_argument(
        "--reason", "--comment", dest="reason", default="", required=action in _REASONED, metavar="TEXT",
        help="kept in the journal",
    )  # fmt: skip
    if action is AlarmAction.SHELVE:
        length = parser.add_mutually_exclusive_group(required=True)
        length.add_argument(
            "--for", dest="duration_s", type=parse_duration, default=0, metavar="TIME", help="such as 30min, 2h"
        )
        length.add_argument("--once", action="store_true", help="until it returns to normal, at most its longest time")
    if action is AlarmAction.REMOVE_FROM_SERVICE:
        parser.add_argument("--permit", required=True, metavar="NUMBER", help="of the work permit")
        parser.add_argument(
            "--approver", default="", metavar="NAME",
            help="a second person, whom priority 1 needs; the password is asked, or in HAIHE_APPROVER_PASSWORD",
        )  # fmt: skip
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Do it; exit status 0 only where every alarm took it."""
    action: AlarmAction = arguments.action
    duration_s, permit, approver = 0.0, "", ""
    if action is AlarmAction.SHELVE:
        action, duration_s = (AlarmAction.SHELVE_ONCE if arguments.once else action), float(arguments.duration_s)
    if action is AlarmAction.REMOVE_FROM_SERVICE:
        permit, approver = arguments.permit, arguments.approver
    password = ask_password(f"Password of {arguments.user}: ")
    second = ask_password(f"Password of {approver}: ", "HAIHE_APPROVER_PASSWORD") if approver else ""

    async def work(_plant: Plant, client: EngineClient) -> AcknowledgeReport:
        await client.login(arguments.user, password, desk())
        known = {each.id: each.event_id for each in await client.alarms()}
        pairs = tuple((name, known.get(name, "")) for name in dict.fromkeys(arguments.alarms))
        return await client.alarm_action(
            AlarmActionRequest(action, pairs, arguments.reason, duration_s, permit, approver, second)
        )

    report = with_client(arguments.project, work)
    if arguments.json:
        print_json(_json(report))
    else:
        for shot in report.accepted:
            until = shot.shelved.until_ns if shot.shelved is not None else None
            print(f"{shot.id}: {shot.code}" + (f", until {time_text(until)}" if until is not None else ""))
    if report.refused:
        return fail("\n".join(f"haihe alarms: {each.alarm}: {each.reason.en}" for each in report.refused))
    return 0


def _json(report: AcknowledgeReport) -> dict[str, Any]:
    return {
        "accepted": [encode(each) for each in report.accepted],
        "refused": [{"alarm": each.alarm, "reason": each.reason.en, "reason_zh": each.reason.zh}
                    for each in report.refused],
    }  # fmt: skip
