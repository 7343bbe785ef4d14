"""``haihe audit verify``: check the hash chain of the audit, without an engine."""

import argparse

from app.cli.accounts import open_database
from app.cli.common import add_json, add_project, fail, print_json
from app.link.codec import encode


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="verify")
    verify = verbs.add_parser("verify", help="check every record against the one before")
    add_project(verify)
    verify.add_argument("--head", type=_head, metavar="SEQ:HASH", help="a head that was kept elsewhere")
    add_json(verify)


def run(arguments: argparse.Namespace) -> int:
    """Exit status 1 where the chain is broken."""
    _plant, database = open_database(arguments.project)
    with database:
        report = database.audit.verify(arguments.head)
    if arguments.json:
        print_json(encode(report))
    if report.broken_seq is not None:
        place = "" if report.problem.startswith("record") else f"record {report.broken_seq}: "
        return fail(f"haihe audit: {place}{report.problem}")
    if not arguments.json:
        print(f"{report.records} records hold; head {report.records}:{report.head}")
    return 0


def _head(text: str) -> tuple[int, str]:
    number, _, digest = text.partition(":")
    if not number.isdigit() or len(digest) != 64:
        raise argparse.ArgumentTypeError("expected SEQ:HASH as 'haihe audit verify' prints it")
    return int(number), digest
