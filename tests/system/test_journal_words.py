"""``haihe alarms --journal`` against a running engine: rows chosen by filters, as text, JSON and files."""

import csv
from pathlib import Path

import pytest

from tests.system.harness import Site

pytestmark = pytest.mark.system


def journal(site: Site, *more: str) -> list[dict[str, object]]:
    rows = site.json("alarms", "--journal", *more)
    assert isinstance(rows, list)
    return rows


def test_rows_are_chosen_printed_and_written(running: Site, tmp_path: Path) -> None:
    start, *_ = journal(running, "--kind", "system", "--event", "start")  # the last: other tests start it, too
    assert (start["object"], start["kind"]) == ("engine", "system")
    states = journal(running, "--kind", "connection", "--limit", "0")
    assert {row["event"] for row in states} == {"state"}
    assert journal(running, "--kind", "connection", "--limit", "1") == states[:1]
    assert journal(running, "--text", "stands nowhere") == []
    assert "no rows" in running.cli("alarms", "--journal", "--tag", "NO.*").stdout
    text = running.cli("alarms", "--journal", "--event", "start").stdout
    assert "engine" in text
    assert str(start["time"]) in text

    path = tmp_path / "journal.csv"
    done = running.cli("alarms", "--journal", "--kind", "connection", "--out", str(path))
    with path.open(encoding="utf-8-sig", newline="") as file:
        written = [int(row["id"]) for row in csv.DictReader(file)]
    assert f"{len(written)} rows in {path}" in done.stderr
    assert [row["id"] for row in states][::-1] == written[: len(states)]


def test_what_cannot_be_is_said(running: Site, tmp_path: Path) -> None:
    done = running.cli("alarms", "--journal", "--area", "XX", status=1)
    assert "no such area: XX" in done.stderr
    turned = running.cli("alarms", "--journal", "--from", "2026-01-02", "--to", "2026-01-01", status=2)
    assert "--from must be before --to" in turned.stderr
    missing = tmp_path / "none" / "j.xlsx"
    done = running.cli("alarms", "--journal", "--out", str(missing), status=1)
    assert str(missing) in done.stderr
    assert "name another file" in done.stderr
