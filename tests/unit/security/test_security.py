"""Passwords, sessions, throttling and the chain."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as hs

from app.model.clock import ManualClock
from app.model.errors import AccessDenied
from app.model.user import Role
from app.security import (
    GENESIS,
    AuditEntry,
    AuditRecord,
    PasswordRefused,
    SessionManager,
    UserRecord,
    check_policy,
    hash_password,
    link,
    needs_rehash,
    verify_chain,
    verify_password,
)

PASSWORD = "correct horse"


@pytest.fixture(scope="module")
def wang() -> UserRecord:
    return UserRecord("Wang", Role.OPERATOR, hash_password(PASSWORD))


def test_hashes_are_salted_argon2id(wang: UserRecord) -> None:
    assert wang.password_hash.startswith("$argon2id$")
    assert hash_password(PASSWORD) != wang.password_hash
    assert verify_password(wang.password_hash, PASSWORD)
    assert not verify_password(wang.password_hash, PASSWORD + " ")
    assert not verify_password("damaged", PASSWORD)
    assert not needs_rehash(wang.password_hash)


@pytest.mark.parametrize("password", ["short", "OPERATOR-ONE", "aaaaaaaaaaaa", "x" * 257])
def test_policy_refuses(password: str) -> None:
    with pytest.raises(PasswordRefused):
        check_policy("operator-one", password)


def test_policy_accepts() -> None:
    check_policy("wang", PASSWORD)


def manager(clock: ManualClock, *users: UserRecord) -> SessionManager:
    found = {user.name.casefold(): user for user in users}
    return SessionManager(clock, lambda name: found.get(name.casefold()))


def test_a_session_lasts_a_shift(wang: UserRecord) -> None:
    clock = ManualClock()
    sessions = manager(clock, wang)
    session = sessions.login("wang", PASSWORD, "desk1")
    assert (session.user, session.role, session.desk) == ("Wang", Role.OPERATOR, "desk1")
    assert sessions.get(session.id) == session
    clock.advance(12 * 3600)
    assert sessions.get(session.id) is None
    second = sessions.login("wang", PASSWORD, "desk1")
    assert sessions.logout(second.id) == second
    assert sessions.logout(second.id) is None
    third = sessions.login("wang", PASSWORD, "desk1")
    assert sessions.end_changed([wang]) == []
    assert sessions.end_changed([replace(wang, enabled=False)]) == [third]
    assert sessions.get(third.id) is None


def test_unknown_disabled_and_wrong_are_told_alike(wang: UserRecord) -> None:
    sessions = manager(ManualClock(), wang, replace(wang, name="Li", enabled=False))
    texts = set()
    for user, password in (("nobody", PASSWORD), ("li", PASSWORD), ("wang", "wrong password")):
        with pytest.raises(AccessDenied) as caught:
            sessions.login(user, password, "d")
        texts.add(str(caught.value))
    assert texts == {"wrong user name or password"}


def test_guessing_is_delayed_even_for_the_right_password(wang: UserRecord) -> None:
    clock = ManualClock()
    sessions = manager(clock, wang)
    for _ in range(5):
        with pytest.raises(AccessDenied):
            sessions.login("wang", "wrong password", "d")
    with pytest.raises(AccessDenied, match="too many failed logins; try again in 30 s"):
        sessions.login("Wang ", PASSWORD, "d")
    clock.advance(30)
    with pytest.raises(AccessDenied, match="try again in 60 s"):
        sessions.login("wang", "wrong password", "d")
    clock.advance(60)
    sessions.login("wang", PASSWORD, "d")
    with pytest.raises(AccessDenied, match=r"^wrong user name or password$"):
        sessions.login("wang", "wrong password", "d")


def chain(count: int) -> list[AuditRecord]:
    records: list[AuditRecord] = []
    seq, head = 0, GENESIS
    for n in range(count):
        record = link(AuditEntry(n, "login", user="王", new=str(n)), seq, head)
        seq, head = record.seq, record.hash
        records.append(record)
    return records


def test_a_whole_chain_holds() -> None:
    records = chain(5)
    report = verify_chain(records)
    assert (report.records, report.head, report.broken_seq) == (5, records[-1].hash, None)
    assert verify_chain([]).head == GENESIS


@given(count=hs.integers(2, 8), data=hs.data())
def test_any_change_is_found_where_it_is(count: int, data: hs.DataObject) -> None:
    records = chain(count)
    at = data.draw(hs.integers(0, count - 2))
    how = data.draw(hs.sampled_from(["edit", "remove", "swap", "rehash"]))
    if how == "edit":
        records[at] = replace(records[at], entry=replace(records[at].entry, user="李"))
    elif how == "remove":
        del records[at]
    elif how == "swap":
        records[at], records[at + 1] = records[at + 1], records[at]
    else:
        forged = link(replace(records[at].entry, user="李"), at, records[at].prev_hash)
        records[at] = forged
        at += 1
    assert verify_chain(records).broken_seq == at + 1


def test_a_cut_end_is_found_against_a_kept_head() -> None:
    records = chain(5)
    kept = (5, records[-1].hash)
    assert verify_chain(records, kept).broken_seq is None
    assert verify_chain(records[:3]).broken_seq is None
    assert verify_chain(records[:3], kept).broken_seq == 4
    assert verify_chain(records, (2, GENESIS)).broken_seq == 2
