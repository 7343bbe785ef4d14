"""``haihe user``: add and list users, set passwords."""

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
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="add|list|passwd")
    add = verbs.add_parser("add", help="add a user; the password is asked twice, or in HAIHE_PASSWORD")
    add_project(add)
    add.add_argument("name", metavar="NAME")
    add.add_argument("--role", type=_role, default=Role.OPERATOR, help="viewer, operator, supervisor or engineer")
    password = verbs.add_parser("passwd", help="set a password, and with --role the role")
    add_project(password)
    password.add_argument("name", metavar="NAME")
    password.add_argument("--role", type=_role, default=None)
    listing = verbs.add_parser("list", help="list users")
    add_project(listing)
    add_json(listing)


def run(arguments: argparse.Namespace) -> int:
    """Change or list the users of a project."""
    _plant, database = open_database(arguments.project)
    with database:
        if arguments.verb == "add":
            add_user(database, arguments.name, arguments.role, new_password(arguments.name))
            print(f"user {arguments.name} added as {arguments.role.name.lower()}")
        elif arguments.verb == "passwd":
            set_password(database, arguments.name, new_password(arguments.name))
            if arguments.role is not None:
                entry = audit("user-role", arguments.name, arguments.role.name.lower())
                database.users.set_role(arguments.name, arguments.role, entry)
            print(f"password of {arguments.name} set")
        else:
            _list(database.users.list(), as_json=arguments.json)
    return 0


def new_password(name: str) -> str:
    """Return a new password: HAIHE_PASSWORD, or asked twice. Raises AccessDenied where the two differ."""
    password = ask_password(f"New password of {name}: ")
    if "HAIHE_PASSWORD" not in os.environ and ask_password("Once more: ") != password:
        raise AccessDenied("the passwords differ; nothing was changed")
    return password


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
        print(f"{row['name']:<24} {row['role']:<11} {'' if row['enabled'] else 'disabled'}")
    if not rows:
        print("no users; add one with: haihe user add PROJECT NAME --role operator")
