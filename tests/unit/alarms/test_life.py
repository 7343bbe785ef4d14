"""Latching and reset, re-alarms, escalation, comments."""

import pytest

from app.alarms import AlarmRefusal, AlarmRefused
from tests.unit.alarms.site import Site, high


def test_a_latched_alarm_stays_until_it_is_acknowledged_and_reset() -> None:
    site = Site(high(latched=True))
    site.feed(11)
    with pytest.raises(AlarmRefused) as caught:
        site.reset()
    assert caught.value.reason is AlarmRefusal.ACKNOWLEDGE_FIRST
    assert site.feed(9) == ["T.H RTN LUNACK"]
    assert site.shot().unacknowledged
    with pytest.raises(AlarmRefused, match="acknowledge it first"):
        site.reset()
    assert site.acknowledge() == ["T.H ACK LACKED"]
    assert site.reset() == ["T.H RESET NORM"]
    with pytest.raises(AlarmRefused) as caught:
        site.reset()
    assert caught.value.reason is AlarmRefusal.NOT_LATCHED


def test_an_active_one_cannot_be_reset_and_a_returned_one_comes_anew() -> None:
    site = Site(high(latched=True))
    site.feed(11)
    site.acknowledge()
    with pytest.raises(AlarmRefused, match="still active"):
        site.reset()
    assert site.feed(9) == ["T.H RTN LACKED"]
    site.restart()
    assert site.feed(11) == ["T.H ALM UNACK"]
    assert site.shot().count == 2


def test_a_latched_alarm_that_needs_no_acknowledgement_waits_for_its_reset() -> None:
    site = Site(high(latched=True, ack_required=False))
    assert site.feed(11) == ["T.H ALM ACKED"]
    assert site.feed(9) == ["T.H RTN LACKED"]
    assert site.reset() == ["T.H RESET NORM"]


def test_an_acknowledged_alarm_that_stays_active_annunciates_anew() -> None:
    site = Site(high(realarm_s=100))
    site.feed(11)
    first = site.shot()
    assert site.wait(50) == []
    site.acknowledge()
    assert site.wait(99) == []
    site.restart()
    assert site.wait(1) == ["T.H REALARM UNACK"]
    again = site.shot()
    assert (again.realarms, again.acknowledged_by, again.time_in_ns) == (1, "", first.time_in_ns)
    assert again.event_id != first.event_id
    site.acknowledge()
    assert site.wait(100) == ["T.H REALARM UNACK"]
    site.acknowledge()
    site.feed(9)
    assert site.wait(1000) == []


def test_an_alarm_that_nobody_acknowledges_is_escalated_once() -> None:
    site = Site(high(escalate_s=30, realarm_s=10))
    site.feed(11)
    assert site.wait(29) == []
    assert site.wait(1) == ["T.H ESC UNACK"]
    assert site.shot().escalated
    assert site.wait(1000) == []
    site.restart()
    assert site.wait(1000) == []
    site.acknowledge()
    assert site.wait(10) == ["T.H REALARM UNACK"]
    assert site.wait(30) == ["T.H ESC UNACK"]
    site.feed(9)
    site.feed(11)
    assert not site.shot().escalated


def test_neither_happens_to_what_is_suppressed() -> None:
    site = Site(high(escalate_s=30), high("U", realarm_s=30))
    site.feed(11)
    site.feed(11, "U")
    site.acknowledge("U.H")
    site.shelve(300)
    site.shelve(300, "U.H")
    assert site.wait(299) == []
    assert [each.split()[1] for each in site.wait(1)] == ["UNSHELVE", "ALM"] * 2
    assert site.wait(30) == ["T.H ESC UNACK"]


def test_a_comment_is_kept_with_the_alarm_and_journalled() -> None:
    site = Site(high())
    site.feed(11)
    seen = site.shot().event_id
    [said] = site.engine.actions.comment("T.H", seen, site.by("valve closed"))
    assert (said.kind.value, said.comment, said.user, said.journalled) == ("COMMENT", "valve closed", "wang", True)
    assert site.shot().comment == "valve closed"
    assert site.shot().event_id == seen
    with pytest.raises(AlarmRefused) as caught:
        site.engine.actions.comment("T.H", seen, site.by(" "))
    assert caught.value.reason is AlarmRefusal.COMMENT_MISSING
