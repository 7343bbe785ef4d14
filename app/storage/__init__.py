"""SQL: journal, alarm states, users, audit and history, in SQLite by default. The only place that speaks SQL."""

from app.storage.bound import Bound, too_slow
from app.storage.database import Database
from app.storage.items import JournalItem
from app.storage.marks import Mark
from app.storage.spool import Spool, SpoolRecord
from app.storage.users import UserProblem

__all__ = ["Bound", "Database", "JournalItem", "Mark", "Spool", "SpoolRecord", "UserProblem", "too_slow"]
