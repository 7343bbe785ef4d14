"""``haihe user``: add and list users, set passwords and roles, shut users out."""

import argparse
import os
from collections.abc import Sequence

from app.cli.accounts import add_user, audit, open_database, set_password
from app.cli.common import add_json, add_project, ask_password, print_json, time_text
from app.model.errors import AccessDenied
from app.model.user import Role
from app.security import UserRecord


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="add|passwd|role|disable|enable|list")
    add = _verb(verbs, "add", "add a user; the password is asked twice, or in HAIHE_PASSWORD")
    add.add_argument("--role", type=_role, default=Role.OPERATOR, help="viewer, operator, supervisor or engineer")
    password = _verb(verbs, "passwd", "set a password, and with --role the role")
    password.add_argument("--role", type=_role, default=None, help="viewer, operator, supervisor or engineer")
    role = _verb(verbs, "role", "set the role")
    role.add_argument("role", type=_role, metavar="ROLE", help="viewer, operator, supervisor or engineer")
    _verb(verbs, "disable", "let a user log in no more; users are not removed, since journal and audit name them")
    _verb(verbs, "enable", "let a user log in again")
    listing = verbs.add_parser("list", help="list users", description="List users.")
    add_project(listing)
    add_json(listing)


def run(arguments: argparse.Namespace) -> int:
    """Change or list the users of a project."""
    _plant, database = open_database(arguments.project)
    with database:
        if arguments.verb == "list":
            _list(database.users.list(), as_json=arguments.json)
            return 0
        name = arguments.name
        if arguments.verb == "add":
            add_user(database, name, arguments.role, new_password(name))
            print(f"user {name} added as {arguments.role.name.lower()}")
        elif arguments.verb == "passwd":
            set_password(database, name, new_password(name))
            print(f"password of {name} set")
        elif arguments.verb in {"disable", "enable"}:
            database.users.set_enabled(name, arguments.verb == "enable", audit(f"user-{arguments.verb}", name))
            print(f"user {name} {arguments.verb}d")
        if arguments.verb in {"passwd", "role"} and arguments.role is not None:
            role = arguments.role.name.lower()
            database.users.set_role(name, arguments.role, audit("user-role", name, role))
            print(f"role of {name} set to {role}; a session that is open ends")
    return 0


def new_password(name: str) -> str:
    """Return a new password: HAIHE_PASSWORD, or asked twice. Raises AccessDenied where the two differ."""
    password = ask_password(f"New password of {name}: ")
    if "HAIHE_PASSWORD" not in os.environ and ask_password("Once more: ") != password:
        raise AccessDenied("the passwords differ; nothing was changed")
    return password


def _verb(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, text: str
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
    add_project(parser)
    parser.add_argument("name", metavar="NAME")
    return parser


def _role(text: str) -> Role:
    try:
        return Role.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _list(users: Sequence[UserRecord], *, as_json: bool) -> None:
    rows = [
        {
            "name": each.name,
            "role": each.role.name.lower(),
            "enabled": each.enabled,
            "since": time_text(each.created_ns),
        }
        for each in users
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        print(f"{row['name']:<24} {row['role']:<11} {'' if row['enabled'] else 'disabled'}".rstrip())
    if not rows:
        print("no users; add one with: haihe user add PROJECT NAME --role operator")
