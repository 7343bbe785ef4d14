"""Users, sessions and the audit chain. No SQL: storage is handed in."""

from app.security.audit import GENESIS, AuditEntry, AuditRecord, AuditReport, entry_hash, link, verify_chain
from app.security.passwords import PasswordRefused, check_policy, hash_password, needs_rehash, verify_password
from app.security.sessions import SessionManager, UserRecord

__all__ = [
    "GENESIS",
    "AuditEntry",
    "AuditRecord",
    "AuditReport",
    "PasswordRefused",
    "SessionManager",
    "UserRecord",
    "check_policy",
    "entry_hash",
    "hash_password",
    "link",
    "needs_rehash",
    "verify_chain",
    "verify_password",
]
