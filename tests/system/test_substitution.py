"""Substitutes by the command line of a real engine: flagged, there after a crash, and gone when they are ended."""

import signal

import pytest

from tests.system.harness import USER, Site

pytestmark = pytest.mark.system

TAG = "LZ.HL.OUT.PRES"
SUBSTITUTED = "UncertainSubstituteValue"


def test_a_substitute_outlives_a_crash_of_the_engine_and_ends_at_once_when_cleared(running: Site) -> None:
    words = (TAG, "0.41", "--for", "20min", "--reason", "transmitter replaced", "--user", USER)
    done = running.json("substitute", *words)
    assert (done["tag"], done["value"], done["user"]) == (TAG, 0.41, USER)
    assert done["until_ns"] - done["since_ns"] == 1200 * 10**9
    before = running.read(TAG)[TAG]
    assert (before["value"], before["status_name"]) == (0.41, SUBSTITUTED)
    assert before["device"]["status_name"] == "Good"

    assert running.engine is not None
    running.engine.end(signal.SIGKILL)
    running.start_engine()
    after = running.read(TAG)[TAG]
    assert (after["value"], after["status_name"]) == (0.41, SUBSTITUTED)
    (listed,) = running.json("substitute", "--list")
    assert {key: listed[key] for key in ("tag", "value", "reason", "user", "since_ns", "until_ns")} == {
        key: done[key] for key in ("tag", "value", "reason", "user", "since_ns", "until_ns")
    }
    assert running.json("status")["substitutions"] == 1

    running.cli("substitute", TAG, "--clear", "--user", USER)
    device = running.read(TAG)[TAG]
    assert device["status_name"] == "Good"
    assert device["value"] != 0.41
    assert device["device"] is None
    assert running.json("substitute", "--list") == []
    assert running.cli("audit", "verify").returncode == 0


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ((TAG, "0.41", "--for", "25h", "--reason", "x", "--user", USER), 2, "at most 24h"),
        ((TAG, "0.41", "--for", "2h", "--user", USER), 2, "missing: --reason"),
        ((TAG, "9", "--for", "2h", "--reason", "x", "--user", USER), 1, "out of range"),
        ((TAG, "--clear", "--user", USER), 1, "is not substituted"),
        (("LZ.HL.OUT.PRE", "0.41", "--for", "2h", "--reason", "x", "--user", USER), 1, f"did you mean '{TAG}'"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(running: Site, words: tuple[str, ...], status: int, said: str) -> None:
    refused = running.cli("substitute", *words, status=status)
    assert said in refused.stderr.splitlines()[-1]
    assert running.json("substitute", "--list") == []
