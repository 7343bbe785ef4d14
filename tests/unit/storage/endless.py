"""A database whose history never ends: every window of it takes for ever, as one of years on a slow disk would."""

import sqlite3
from pathlib import Path

from app.storage import Database
from tests.unit.storage.samples import sample


def make_endless(path: Path) -> str:
    """Make it; returns its URL. Tag ``T`` has endless rows, ``B`` has none but is known."""
    url = f"sqlite:///{path}"
    with Database(url) as database:
        database.history.append([sample(1), sample(1, tag="B")])
    other = sqlite3.connect(path)
    other.executescript(
        "ALTER TABLE history RENAME TO history_kept; CREATE VIEW history AS "
        "SELECT (SELECT id FROM history_tag WHERE name = 'T') AS tag_id, n AS time_ns, n AS id, NULL AS source_ns, "
        "n AS receive_ns, 1.0 AS value, NULL AS text, 0 AS status, 0 AS flags FROM "
        "(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c)"
    )
    other.close()
    return url
