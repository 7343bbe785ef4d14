"""Commands from a terminal through the engine to real PLCs."""

import time
from pathlib import Path

import pytest

from tests.system.harness import USER, Site, until

pytestmark = pytest.mark.system

SETPOINT, FEEDBACK = "LZ.HL.OUT.PRESSP", "LZ.HL.OUT.PRESREF"


def _other(site: Site, tag: str, step: float) -> float:
    now = float(site.read(tag)[tag]["value"])
    return round(now - step if now > 0.38 else now + step, 3)


def test_a_setpoint_succeeds_only_after_the_feedback_read_back(running: Site) -> None:
    wanted = _other(running, SETPOINT, 0.01)
    answer = running.write(SETPOINT, str(wanted))
    assert (answer["outcome"], answer["device_status"]) == ("success", "Good")
    assert answer["feedback"] == pytest.approx(wanted, abs=0.0011)
    assert running.read(FEEDBACK)[FEEDBACK]["value"] == pytest.approx(wanted, abs=0.0011)


def test_a_setpoint_over_opc_ua(running: Site) -> None:
    now = float(running.read("LZ.CL.DOSESP")["LZ.CL.DOSESP"]["value"])
    answer = running.write("LZ.CL.DOSESP", f"{now + 0.1:.2f}")
    assert answer["outcome"] == "success", answer


def test_limits_refuse_with_their_reason(running: Site) -> None:
    answer = running.write(SETPOINT, "5", status=1)
    assert (answer["outcome"], answer["reason"]) == ("refused", "out-of-range")
    answer = running.write("LZ.NO.SUCH", "5", status=1)
    assert answer["reason"] == "unknown-command"


def test_a_wrong_password_is_refused_and_audited(running: Site) -> None:
    before = running.environment["HAIHE_PASSWORD"]
    running.environment["HAIHE_PASSWORD"] = "wrong-password"
    try:
        done = running.cli("write", SETPOINT, "0.4", "--user", USER, status=1)
    finally:
        running.environment["HAIHE_PASSWORD"] = before
    assert "wrong user name or password" in done.stderr
    assert before not in done.stderr


def test_an_interlock_refuses_and_is_named(running: Site) -> None:
    answer = running.write("LZ.UF.R02.BACKWASH", status=None)
    assert answer["outcome"] == "success" or answer["reason"] == "interlock", answer  # a rack may be at it by itself
    until(lambda: running.read("LZ.UF.NBW")["LZ.UF.NBW"]["value"] >= 1, 15, "a rack is in backwash")
    answer = running.write("LZ.UF.R05.BACKWASH", status=1)
    assert (answer["outcome"], answer["reason"]) == ("refused", "interlock")
    assert "other_backwash" in answer["detail"]
    assert "backwash" in answer["message"].lower()


def test_a_write_to_a_plc_that_is_off_fails_at_once_and_is_never_sent(running: Site) -> None:
    before = running.read(SETPOINT)[SETPOINT]["value"]
    wanted = _other(running, SETPOINT, 0.02)
    running.disturb("offline", "highlift")
    try:
        until(lambda: running.connections()["highlift"]["state"] == "lost", 10, "the connection is lost")
        began = time.monotonic()
        answer = running.write(SETPOINT, str(wanted), status=1)
        assert (answer["outcome"], answer["reason"]) == ("refused", "link-down")
        assert time.monotonic() - began < 5
    finally:
        running.disturb("offline", "highlift", on=False)
    until(lambda: running.read(SETPOINT)[SETPOINT]["quality"] == "good", 30, "the PLC is back")
    newest = running.read(SETPOINT)[SETPOINT]["source_ns"]
    later = until(lambda: _newer(running, newest), 10, "another sample")
    assert later == pytest.approx(before)


def _newer(site: Site, than_ns: int) -> float | None:
    row = site.read(SETPOINT, "LZ.HL.OUT.FLOW")
    return float(row[SETPOINT]["value"]) if row["LZ.HL.OUT.FLOW"]["source_ns"] > than_ns + 2 * 10**9 else None


def test_all_of_it_is_in_a_chain_that_holds(running: Site) -> None:
    done = running.cli("audit", "verify")
    assert int(done.stdout.split()[0]) > 5


def test_history_is_exported(running: Site, tmp_path: Path) -> None:
    file = tmp_path / "out.csv"

    def rows() -> int:
        running.cli("export", FEEDBACK, "--from", "2020-01-01", "--to", "2100-01-01", "--csv", str(file))
        return len(file.read_text(encoding="utf-8-sig").splitlines())

    assert until(lambda: rows() > 2, 20, "rows in SQL")
    header, first = file.read_text(encoding="utf-8-sig").splitlines()[:2]
    assert header == "tag,time,value,status,source_ns"
    assert first.startswith(FEEDBACK)
