"""SQL: journal, alarm states, users, audit and history, in SQLite by default. The only place that speaks SQL."""

from app.storage.database import Database
from app.storage.users import UserProblem
from app.storage.writer import JournalItem, JournalWriter

__all__ = ["Database", "JournalItem", "JournalWriter", "UserProblem"]
