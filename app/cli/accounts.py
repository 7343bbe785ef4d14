"""Users straight in the project's database: whoever may read its state folder is the administrator."""

import os
import time
from pathlib import Path

from app.model.plant import Plant
from app.model.user import Role
from app.project import load_plant
from app.project.state import database_path
from app.security import AuditEntry, UserRecord, check_policy, hash_password
from app.storage import Database


def open_database(project: Path) -> tuple[Plant, Database]:
    """Load a project and open its database (made where it is missing)."""
    plant = load_plant(project)
    url = os.environ.get("HAIHE_DATABASE") or f"sqlite:///{database_path(plant.id)}"
    return plant, Database(url)


def add_user(database: Database, name: str, role: Role, password: str) -> None:
    """Add a user, audited. Raises PasswordRefused, UserProblem."""
    check_policy(name, password)
    now_ns = time.time_ns()
    record = UserRecord(name, role, hash_password(password), created_ns=now_ns)
    database.users.add(record, audit("user-add", name, role.name.lower()))


def set_password(database: Database, name: str, password: str) -> None:
    """Replace a password, audited. Raises PasswordRefused, UserProblem."""
    check_policy(name, password)
    database.users.set_password(name, hash_password(password), audit("user-password", name))


def audit(action: str, name: str, new: str = "") -> list[AuditEntry]:
    """Return the record of a change of the accounts, made by the account of this computer."""
    user = f"os:{os.environ.get('USER') or os.environ.get('LOGNAME') or 'unknown'}"
    return [AuditEntry(time.time_ns(), action, user=user, object=name, new=new, result="success")]
