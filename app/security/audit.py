"""The audit chain: each record holds the hash of the one before, so that a change of any of them shows.

The chain shows changed, removed, inserted and re-ordered records. Records cut off at the end show only against a head
(number and hash) that was kept elsewhere.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Final

GENESIS: Final = "0" * 64
"""Hash before the first record."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """What happened. ``time_ns``: ns since the epoch, UTC. Values are texts, as the user saw or gave them."""

    time_ns: int
    action: str
    user: str = ""
    role: str = ""
    desk: str = ""
    session: str = ""
    object: str = ""
    old: str = ""
    new: str = ""
    reason: str = ""
    result: str = ""
    correlation: str = ""


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """An entry at its place in the chain; ``seq`` counts from 1 without gaps."""

    seq: int
    entry: AuditEntry
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class AuditReport:
    """Outcome of a verification: records that hold, and the first that does not (None: the chain holds)."""

    records: int
    head: str
    broken_seq: int | None = None
    problem: str = ""


def entry_hash(seq: int, entry: AuditEntry, prev_hash: str) -> str:
    """Return the SHA-256 (hex) over the canonical JSON of a record with the hash of the one before."""
    fields = asdict(entry) | {"seq": seq, "prev_hash": prev_hash}
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def link(entry: AuditEntry, last_seq: int, last_hash: str) -> AuditRecord:
    """Return the record that follows the last one (0 and GENESIS for the first)."""
    seq = last_seq + 1
    return AuditRecord(seq, entry, last_hash, entry_hash(seq, entry, last_hash))


def verify_chain(records: Iterable[AuditRecord], expected_head: tuple[int, str] | None = None) -> AuditReport:
    """Check records in order of ``seq`` from the first one; stops at the first broken one.

    ``expected_head`` is a (seq, hash) kept elsewhere; the chain must contain it.
    """
    seq, head = 0, GENESIS
    for record in records:
        problem = ""
        if record.seq != seq + 1:
            problem = f"record {seq + 1} is missing"
        elif record.prev_hash != head:
            problem = "does not follow the record before it"
        elif record.hash != entry_hash(record.seq, record.entry, record.prev_hash):
            problem = "its content was changed"
        elif expected_head is not None and record.seq == expected_head[0] and record.hash != expected_head[1]:
            problem = "differs from the head that was kept"
        if problem:
            return AuditReport(seq, head, seq + 1, problem)
        seq, head = record.seq, record.hash
    if expected_head is not None and seq < expected_head[0]:
        return AuditReport(seq, head, seq + 1, f"records {seq + 1} to {expected_head[0]} are missing at the end")
    return AuditReport(seq, head)
