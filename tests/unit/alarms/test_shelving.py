"""Shelving and service: with a reason, within limits, ending by themselves or by hand, and annunciating anew."""

from typing import Any

import pytest

from app.alarms import AlarmRefusal, AlarmRefused, journal_row
from app.alarms.by import By
from app.model.alarm import Priority, Suppression
from app.model.clock import SECOND_NS
from tests.unit.alarms.site import Site, high, words


def reason_of(caught: pytest.ExceptionInfo[AlarmRefused]) -> AlarmRefusal:
    assert caught.value.text.en
    assert caught.value.text.zh
    assert caught.value.text.en != caught.value.text.zh
    return caught.value.reason


def test_a_shelving_ends_by_itself_and_an_active_alarm_annunciates_anew() -> None:
    site = Site(high())
    assert site.feed(11) == ["T.H ALM UNACK"]
    first = site.shot().event_id
    assert site.shelve(60) == ["T.H SHELVE NORM+SHLVD"]
    assert site.shot().shelved is not None
    assert site.wait(59) == []
    assert site.wait(1) == ["T.H UNSHELVE NORM", "T.H ALM UNACK"]
    assert site.shot().event_id != first
    assert site.shot().shelved is None
    assert site.engine.next_due_ns is None


def test_what_is_shelved_is_evaluated_and_journalled() -> None:
    site = Site(high())
    assert site.shelve(60) == ["T.H SHELVE NORM+SHLVD"]
    assert site.feed(11) == ["T.H ALM NORM+SHLVD"]
    assert site.feed(9) == ["T.H RTN NORM+SHLVD"]
    assert site.feed(11) == ["T.H ALM NORM+SHLVD"]
    assert site.feed(9) == ["T.H RTN NORM+SHLVD"]
    assert site.wait(60) == ["T.H UNSHELVE NORM"]
    assert site.engine.snapshots() == []


def test_once_ends_with_the_return_and_at_the_latest_with_the_longest_time() -> None:
    site = Site(high())
    site.feed(11)
    assert site.shelve(None) == ["T.H SHELVE NORM+SHLVD"]
    assert site.feed(9) == ["T.H RTN NORM+SHLVD", "T.H UNSHELVE NORM"]
    assert site.feed(11) == ["T.H ALM UNACK"]
    site.shelve(None)
    assert site.wait(28_800) == ["T.H UNSHELVE NORM", "T.H ALM UNACK"]


def test_unshelving_tells_who_and_is_refused_when_it_is_over() -> None:
    site = Site(high())
    site.shelve(60)
    [ended] = site.engine.actions.unshelve("T.H", By(site.now, "li", "desk-2"))
    assert (ended.user, ended.desk) == ("li", "desk-2")
    with pytest.raises(AlarmRefused) as caught:
        site.unshelve()
    assert reason_of(caught) is AlarmRefusal.NOT_SHELVED


@pytest.mark.parametrize(
    ("more", "duration_s", "reason", "refusal"),
    [
        ({}, 60, " ", AlarmRefusal.COMMENT_MISSING),
        ({}, 28_801, "x", AlarmRefusal.BAD_DURATION),
        ({}, 0, "x", AlarmRefusal.BAD_DURATION),
        ({}, float("nan"), "x", AlarmRefusal.BAD_DURATION),
        ({"priority": Priority.CRITICAL}, 901, "x", AlarmRefusal.BAD_DURATION),
        ({"shelve_max_s": 60.0}, 61, "x", AlarmRefusal.BAD_DURATION),
        ({"shelve_max_s": 0.0}, 1, "x", AlarmRefusal.NOT_SHELVABLE),
        ({"shelve_max_s": 0.0}, None, "x", AlarmRefusal.NOT_SHELVABLE),
    ],
)
def test_limits_of_shelving(more: dict[str, Any], duration_s: float, reason: str, refusal: AlarmRefusal) -> None:
    site = Site(high(**more))
    with pytest.raises(AlarmRefused) as caught:
        site.shelve(duration_s, reason=reason)
    assert reason_of(caught) is refusal
    assert site.engine.snapshots() == []


@pytest.mark.parametrize(
    ("more", "duration_s"),
    [({}, 28_800), ({"priority": Priority.CRITICAL}, 900), ({"shelve_max_s": 90_000.0}, 90_000)],
)
def test_up_to_its_limit_it_can_be_shelved(more: dict[str, Any], duration_s: float) -> None:
    assert Site(high(**more)).shelve(duration_s) == ["T.H SHELVE NORM+SHLVD"]


def test_a_shelved_alarm_is_not_shelved_again() -> None:
    site = Site(high())
    site.shelve(60)
    with pytest.raises(AlarmRefused) as caught:
        site.shelve(60)
    assert reason_of(caught) is AlarmRefusal.ALREADY_SHELVED
    assert "wang" in caught.value.text.en


def test_an_occurrence_that_began_since_is_not_shelved_unseen() -> None:
    site = Site(high())
    site.feed(11)
    seen = site.shot().event_id
    site.feed(9)
    site.feed(11)
    with pytest.raises(AlarmRefused) as caught:
        site.engine.actions.shelve("T.H", seen, site.by("x"), 60)
    assert reason_of(caught) is AlarmRefusal.STALE_EVENT


def test_more_than_two_shelvings_within_a_day_are_told() -> None:
    site = Site(high())
    for _ in range(2):
        site.shelve(60)
        site.wait(3600)
    assert not site.shot().often_shelved
    site.feed(11)  # a new occurrence does not forget them
    site.shelve(60)
    assert site.shot().often_shelved
    site.unshelve()
    assert site.shot().often_shelved
    site.wait(86_400)
    site.shelve(60)
    assert len(site.shot().shelvings) == 1


def test_a_shelving_and_a_suppression_by_design_hold_side_by_side() -> None:
    site = Site(high(suppress_when="S == 1"))
    site.feed(11)
    site.shelve(60)
    assert site.feed(1, "S") == ["(T.H SUPPRESS NORM+DSUPR+SHLVD)"]
    assert site.shot().display_suppression is Suppression.DESIGN
    assert site.wait(60) == ["T.H UNSHELVE NORM+DSUPR"]
    assert site.feed(0, "S") == ["T.H UNSUPPRESS NORM", "T.H ALM UNACK"]


def test_out_of_service_ends_a_shelving_and_stays_until_it_is_ended() -> None:
    site = Site(high())
    site.feed(11)
    site.shelve(60)
    assert site.remove() == ["T.H OOS NORM+OOSRV"]
    assert site.shot().shelved is None
    assert site.engine.next_due_ns is None
    service = site.shot().service
    assert service is not None
    assert (service.permit, service.reason, service.user) == ("P-17", "pump out", "wang")
    with pytest.raises(AlarmRefused) as caught:
        site.shelve(60)
    assert reason_of(caught) is AlarmRefusal.OUT_OF_SERVICE
    assert site.wait(10**6) == []
    assert site.feed(9) == ["T.H RTN NORM+OOSRV"]
    assert site.feed(11) == ["T.H ALM NORM+OOSRV"]
    assert site.bring_back() == ["T.H INSRV NORM", "T.H ALM UNACK"]
    assert site.shot().service is None


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({"reason": ""}, AlarmRefusal.COMMENT_MISSING),
        ({"permit": " "}, AlarmRefusal.PERMIT_MISSING),
        ({"approver": ""}, AlarmRefusal.APPROVER_MISSING),
        ({"approver": "WANG"}, AlarmRefusal.APPROVER_MISSING),
    ],
)
def test_what_out_of_service_needs(asked: dict[str, str], refusal: AlarmRefusal) -> None:
    site = Site(high(priority=Priority.CRITICAL))
    with pytest.raises(AlarmRefused) as caught:
        site.remove(**({"approver": "li"} | asked))
    assert reason_of(caught) is refusal
    assert site.remove(approver="li") == ["T.H OOS NORM+OOSRV"]
    with pytest.raises(AlarmRefused) as caught:
        site.remove(approver="li")
    assert reason_of(caught) is AlarmRefusal.OUT_OF_SERVICE
    site.bring_back()
    with pytest.raises(AlarmRefused) as caught:
        site.bring_back()
    assert reason_of(caught) is AlarmRefusal.IN_SERVICE


def test_the_journal_names_the_time_of_a_shelving_and_the_permit_of_a_removal() -> None:
    site = Site(high())
    [shelved] = site.engine.actions.shelve("T.H", "", site.by("noise"), 90.0)
    row = journal_row(shelved, site.now)
    assert (row.event, row.value, row.new, row.user, row.comment) == ("SHELVE", 90.0, "NORM+SHLVD", "wang", "noise")
    [removed] = site.engine.actions.remove_from_service("T.H", "", site.by("worn"), "P-1", "li")
    row = journal_row(removed, site.now)
    assert row.comment == "worn (permit P-1, approved by li)"
    assert row.comment_zh == "worn（工作票 P-1，li 批准）"


def test_a_shelving_that_ended_while_nothing_ran_ends_at_once_and_annunciates_anew() -> None:
    site = Site(high())
    site.feed(11)
    site.shelve(60)
    site.restart(after_s=3600)
    assert site.engine.next_due_ns == site.now - 3540 * SECOND_NS
    assert site.wait(0) == ["T.H UNSHELVE NORM", "T.H ALM UNACK"]


def test_shelving_and_service_outlast_a_restart() -> None:
    site = Site(high(), high("U"))
    site.shelve(3600)
    site.remove("U.H")
    site.restart(after_s=60)
    assert site.feed(11) == ["T.H ALM NORM+SHLVD"]
    assert site.feed(11, "U") == ["U.H ALM NORM+OOSRV"]
    assert site.wait(3540) == ["T.H UNSHELVE NORM", "T.H ALM UNACK"]
    assert site.bring_back("U.H") == ["U.H INSRV NORM", "U.H ALM UNACK"]


def test_a_suppression_that_the_project_lost_takes_no_shelving_along() -> None:
    site = Site(high(suppress_when="S == 1"))
    site.feed(1, "S")
    site.feed(11)
    site.shelve(60)
    assert site.engine.redefine([high()], lambda _tag: None, site.now) == []
    assert site.shot().code == "NORM+SHLVD"
    assert site.wait(60) == ["T.H UNSHELVE NORM", "T.H ALM UNACK"]


def test_what_was_shelved_or_out_of_service_is_so_again_though_the_stored_states_come_late() -> None:
    site = Site(high(), high("U"), high("V"))
    site.shelve(3600)
    site.remove("U.H")
    stored = site.engine.snapshots()
    late = Site(high(), high("U"), high("V"))
    for tag in "TUV":
        late.feed(11, tag)
    assert late.engine.restore(stored) == []
    silenced = late.engine.silence(stored, late.now)
    assert words(silenced) == ["T.H SUPPRESS NORM+SHLVD", "U.H SUPPRESS NORM+OOSRV"]
    assert late.state("V.H").value == "UNACK"
    assert late.shot().shelved == stored[0].shelved
    assert late.engine.silence(stored, late.now) == []
    assert late.wait(3600) == ["T.H UNSHELVE NORM", "T.H ALM UNACK"]
