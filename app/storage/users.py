"""Users as stored; their names differ by more than case."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update

from app.model.errors import HaiheError
from app.model.user import Role
from app.security import AuditEntry, UserRecord
from app.storage.audit import append_entries
from app.storage.connect import Link
from app.storage.schema import USERS


class UserProblem(HaiheError):
    """A user exists already, or there is none of that name."""


class Users:
    """The accounts of this project."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def add(self, user: UserRecord, audit: Sequence[AuditEntry] = ()) -> None:
        """Add a user; ``audit`` goes into the chain in the same transaction: without it there is no change.

        Raises:
            UserProblem: one of that name exists, or the name is empty.

        """
        key = user.name.casefold()
        if not key.strip() or key != key.strip() or len(key) > 80:
            raise UserProblem("a user name needs 1 to 80 characters, without blanks around it")
        with self._link.write() as connection:
            if connection.execute(select(USERS.c.name).where(USERS.c.key == key)).first() is not None:
                raise UserProblem(f"user '{user.name}' exists already")
            connection.execute(
                USERS.insert().values(
                    key=key,
                    name=user.name,
                    role=user.role.name.lower(),
                    password_hash=user.password_hash,
                    enabled=user.enabled,
                    created_ns=user.created_ns,
                )
            )
            append_entries(connection, audit)

    def find(self, name: str) -> UserRecord | None:
        """Return the user of a name, whatever its case."""
        with self._link.read() as connection:
            row = connection.execute(select(USERS).where(USERS.c.key == name.casefold())).mappings().first()
        return None if row is None else _record(dict(row))

    def list(self) -> list[UserRecord]:
        """Return every user by name."""
        with self._link.read() as connection:
            rows = connection.execute(select(USERS).order_by(USERS.c.key)).mappings().all()
        return [_record(dict(row)) for row in rows]

    def set_password(self, name: str, password_hash: str, audit: Sequence[AuditEntry] = ()) -> None:
        """Replace the password hash; raises UserProblem where there is no such user."""
        self._change(name, audit, password_hash=password_hash)

    def set_role(self, name: str, role: Role, audit: Sequence[AuditEntry] = ()) -> None:
        """Replace the role; raises UserProblem where there is no such user."""
        self._change(name, audit, role=role.name.lower())

    def set_enabled(self, name: str, enabled: bool, audit: Sequence[AuditEntry] = ()) -> None:
        """Let a user log in, or no more; raises UserProblem where there is no such user."""
        self._change(name, audit, enabled=enabled)

    def _change(self, name: str, audit: Sequence[AuditEntry], **columns: Any) -> None:
        with self._link.write() as connection:
            statement = update(USERS).where(USERS.c.key == name.casefold()).values(**columns)
            if connection.execute(statement).rowcount != 1:
                raise UserProblem(f"there is no user '{name}'")
            append_entries(connection, audit)


def _record(row: dict[str, Any]) -> UserRecord:
    return UserRecord(row["name"], Role.parse(row["role"]), row["password_hash"], row["enabled"], row["created_ns"])
