"""Each check refuses for its own reason; a result is believed only after the feedback."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from app.dispatch import Dispatcher, Operation
from app.model import status as st
from app.model.clock import ManualClock
from app.model.command import (
    CommandDefinition,
    CommandKind,
    CommandOutcome,
    CommandRefused,
    Interlock,
    RefusalReason,
    Selection,
)
from app.model.connection import WriteResult
from app.model.sample import Sample, Value
from app.model.tag import Tag
from app.model.text import LocalText
from app.model.user import Role, Session

SUCTION = Interlock("suction", LocalText("Suction level low", "吸水井水位低"), "LVL < 1.0")
START = CommandDefinition(
    "P.START", CommandKind.ACTION, LocalText("Start"), "P.CMD", "P.ST", value=1, expect=(2,), timeout_s=45,
    local_remote="P.LR", interlocks=(SUCTION,),
)  # fmt: skip
STOP = replace(START, id="P.STOP", value=2, expect=(0,), interlocks=())
SPEED = CommandDefinition(
    "P.SPDSP", CommandKind.SETPOINT, LocalText("Speed"), "P.SPDSP", "P.SPDREF", low=60, high=100, max_step=20,
    tolerance=0.5, timeout_s=10, role="supervisor",
)  # fmt: skip


@dataclass
class Plant:
    clock: ManualClock = field(default_factory=ManualClock)
    samples: dict[str, Sample] = field(default_factory=dict)
    up: bool = True
    feedback_connection: str = "plc"

    def __post_init__(self) -> None:
        for tag, value in {"P.CMD": 0, "P.ST": 0, "P.LR": 1, "LVL": 3.0, "P.SPDSP": 80.0, "P.SPDREF": 80.0}.items():
            self.put(tag, value)
        names = ("P.CMD", "P.ST", "P.LR", "P.SPDSP", "P.SPDREF", "LVL")
        self.dispatcher = Dispatcher(
            {each.id: each for each in (START, STOP, SPEED)},
            {name: Tag(name, connection=self.feedback_connection if name == "P.ST" else "plc") for name in names},
            self.samples.get,
            lambda _: self.up,
            self.clock,
        )
        self.session = self.log_in("wang", Role.OPERATOR)

    def put(self, tag: str, value: Value, status: int = st.GOOD) -> Sample:
        now = self.clock.now_ns()
        self.samples[tag] = Sample(value, status, now, now)
        return self.samples[tag]

    def log_in(self, user: str, role: Role) -> Session:
        now = self.clock.now_ns()
        return Session(f"session of {user}", user, role, "desk1", now, now + 3600 * 10**9)

    def select(self, command: str = "P.START", value: Value = None, session: Session | None = None) -> Selection:
        return self.dispatcher.select(session or self.session, command, value, "desk1")

    def start(self, command: str = "P.START") -> Operation:
        operation = self.dispatcher.begin(self.select(command).token, self.session)
        self.dispatcher.release(operation)
        return operation

    def feedback(self, operation: Operation, value: Value, status: int = st.GOOD) -> CommandOutcome | None:
        sample = self.put(operation.feedback_tag, value, status)
        result = operation.feedback(operation.feedback_tag, sample, self.clock.now_ns())
        return None if result is None else result.outcome


@pytest.fixture
def plant() -> Plant:
    return Plant()


def refusal(action: Callable[[], object]) -> CommandRefused:
    with pytest.raises(CommandRefused) as caught:
        action()
    assert caught.value.text.en
    assert caught.value.text.zh
    return caught.value


def test_a_start_succeeds_only_after_the_feedback(plant: Plant) -> None:
    selection = plant.select()
    assert selection.current == 0
    assert all(check.passed and check.title.en and check.title.zh for check in selection.checks)
    order = "session role in-progress local-remote link quality:P.CMD quality:P.ST interlock:suction range"
    assert [check.id for check in selection.checks] == order.split()
    operation = plant.dispatcher.begin(selection.token, plant.session)
    assert (operation.tag, operation.value) == ("P.CMD", 1)
    plant.clock.advance(0.1)
    assert operation.written(WriteResult(st.GOOD)) is None
    plant.clock.advance(1)
    assert plant.feedback(operation, 1) is None
    plant.clock.advance(10)
    assert plant.feedback(operation, 2) is CommandOutcome.SUCCESS
    assert operation.result is not None
    assert operation.result.feedback == 2
    assert operation.result.elapsed_ms == pytest.approx(11_100)
    assert plant.dispatcher.in_flight == ()


def test_reasons_in_their_order(plant: Plant) -> None:
    session = plant.session
    assert refusal(lambda: plant.dispatcher.select(None, "x", None, "d")).reason is RefusalReason.NO_SESSION
    assert refusal(lambda: plant.select("P.NONE")).reason is RefusalReason.UNKNOWN_COMMAND
    plant.put("LVL", 0.5)
    blocked = refusal(plant.select)
    assert (blocked.reason, blocked.detail) == (RefusalReason.INTERLOCK, "suction")
    assert "Suction level low" in str(blocked)
    plant.put("LVL", 3.0, st.BAD_SENSOR_FAILURE)
    blocked = refusal(plant.select)
    assert blocked.reason is RefusalReason.INTERLOCK
    assert "BadSensorFailure" in str(blocked)
    plant.put("P.ST", 0, st.BAD_SENSOR_FAILURE)
    bad = refusal(plant.select)
    assert (bad.reason, bad.detail) == (RefusalReason.BAD_QUALITY, "P.ST")
    plant.up = False
    assert refusal(plant.select).reason is RefusalReason.LINK_DOWN
    plant.put("P.LR", 0)
    assert refusal(plant.select).reason is RefusalReason.LOCAL_CONTROL
    plant.session = replace(session, role=Role.VIEWER)
    assert refusal(plant.select).reason is RefusalReason.NO_PERMISSION
    plant.clock.advance(4000)
    assert refusal(plant.select).reason is RefusalReason.NO_SESSION


def test_a_plant_that_is_off_is_called_off_rather_than_bad(plant: Plant) -> None:
    for tag in ("P.LR", "P.CMD", "P.ST", "LVL"):
        plant.put(tag, 0, st.BAD_NO_COMMUNICATION)
    assert refusal(plant.select).reason is RefusalReason.BAD_QUALITY
    plant.up = False
    assert refusal(plant.select).reason is RefusalReason.LINK_DOWN


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (59.9, RefusalReason.OUT_OF_RANGE),
        (100.1, RefusalReason.OUT_OF_RANGE),
        (None, RefusalReason.OUT_OF_RANGE),
        ("85", RefusalReason.OUT_OF_RANGE),
        (float("nan"), RefusalReason.OUT_OF_RANGE),
        (float("inf"), RefusalReason.OUT_OF_RANGE),
        (100.0, None),
        (60.0, None),
        (82, None),
    ],
)
def test_setpoint_range(plant: Plant, value: Value, reason: RefusalReason | None) -> None:
    boss = plant.log_in("li", Role.SUPERVISOR)
    if reason is None:
        assert plant.select("P.SPDSP", value, boss).current == 80.0
    else:
        assert refusal(lambda: plant.select("P.SPDSP", value, boss)).reason is reason


def test_setpoint_step_role_and_read_back(plant: Plant) -> None:
    assert refusal(lambda: plant.select("P.SPDSP", 85)).reason is RefusalReason.NO_PERMISSION
    boss = plant.log_in("li", Role.SUPERVISOR)
    plant.put("P.SPDSP", 65.0)
    step = refusal(lambda: plant.select("P.SPDSP", 85.1, boss))
    assert (step.reason, step.detail) == (RefusalReason.STEP_TOO_LARGE, "20")
    operation = plant.dispatcher.begin(plant.select("P.SPDSP", 85.0, boss).token, boss)
    plant.clock.advance(0.1)
    assert operation.written(WriteResult(st.GOOD)) is None
    plant.clock.advance(0.1)
    assert plant.feedback(operation, 84.4) is None
    assert plant.feedback(operation, 84.6, st.UNCERTAIN) is None
    assert plant.feedback(operation, 84.5) is CommandOutcome.SUCCESS


def test_no_step_is_measured_from_what_is_no_number(plant: Plant) -> None:
    plant.put("P.SPDSP", float("nan"))
    boss = plant.log_in("li", Role.SUPERVISOR)
    assert refusal(lambda: plant.select("P.SPDSP", 100.0, boss)).reason is RefusalReason.STEP_TOO_LARGE


def test_an_action_takes_no_other_value(plant: Plant) -> None:
    assert refusal(lambda: plant.select("P.START", 7)).reason is RefusalReason.OUT_OF_RANGE


def test_a_selection_belongs_to_its_session_is_used_once_and_expires(plant: Plant) -> None:
    begin = plant.dispatcher.begin
    assert refusal(lambda: begin("no such token", plant.session)).reason is RefusalReason.NOT_SELECTED
    selection = plant.select()
    other = plant.log_in("li", Role.ENGINEER)
    assert refusal(lambda: begin(selection.token, other)).reason is RefusalReason.NOT_SELECTED
    busy = refusal(lambda: plant.select(session=other))
    assert (busy.reason, busy.detail) == (RefusalReason.IN_PROGRESS, "wang")
    plant.clock.advance(30)
    assert refusal(lambda: begin(selection.token, plant.session)).reason is RefusalReason.SELECTION_EXPIRED
    assert refusal(lambda: begin(selection.token, plant.session)).reason is RefusalReason.NOT_SELECTED
    plant.clock.advance(31)
    plant.select(session=other)


def test_selecting_again_replaces_and_cancelling_frees(plant: Plant) -> None:
    first, second = plant.select(), plant.select()
    assert refusal(lambda: plant.dispatcher.begin(first.token, plant.session)).reason is RefusalReason.NOT_SELECTED
    assert not plant.dispatcher.cancel(second.token, plant.log_in("li", Role.ENGINEER))
    assert plant.dispatcher.cancel(second.token, plant.session)
    assert not plant.dispatcher.cancel(second.token, plant.session)


@pytest.mark.parametrize("event", ["logout", "connection"])
def test_logout_and_connection_loss_drop_the_selection(plant: Plant, event: str) -> None:
    selection = plant.select()
    if event == "logout":
        plant.dispatcher.cancel_session(plant.session.id)
    else:
        plant.dispatcher.connection_lost("plc")
    assert refusal(lambda: plant.dispatcher.begin(selection.token, plant.session)).reason is RefusalReason.NOT_SELECTED


def test_another_configuration_drops_selections_of_commands_that_changed_and_keeps_the_others(plant: Plant) -> None:
    supervisor = plant.log_in("li", Role.SUPERVISOR)
    start, speed = plant.select(), plant.select(SPEED.id, 82.0, supervisor)
    commands = {each.id: each for each in (replace(START, timeout_s=3.0), STOP, SPEED)}
    plant.dispatcher.redefine(commands, plant.dispatcher._tags)
    assert refusal(lambda: plant.dispatcher.begin(start.token, plant.session)).reason is RefusalReason.NOT_SELECTED
    assert plant.dispatcher.begin(speed.token, supervisor).command == SPEED.id
    assert plant.dispatcher.is_busy


def test_everything_is_checked_again_at_operate(plant: Plant) -> None:
    selection = plant.select()
    plant.put("LVL", 0.5)
    assert refusal(lambda: plant.dispatcher.begin(selection.token, plant.session)).reason is RefusalReason.INTERLOCK
    plant.put("LVL", 3.0)
    selection = plant.select()
    plant.put("P.ST", 4)
    changed = refusal(lambda: plant.dispatcher.begin(selection.token, plant.session))
    assert changed.reason is RefusalReason.CHANGED_SINCE_SELECT


def test_everything_is_checked_once_more_when_it_goes_out(plant: Plant) -> None:
    operation = plant.dispatcher.begin(plant.select().token, plant.session, plant.clock.now_ns())
    plant.put("LVL", 0.5)
    assert refusal(lambda: plant.dispatcher.release(operation)).reason is RefusalReason.INTERLOCK
    assert operation.result is not None
    assert operation.result.outcome is CommandOutcome.REFUSED
    plant.put("LVL", 3.0)
    operation = plant.dispatcher.begin(plant.select().token, plant.session, plant.clock.now_ns())
    plant.clock.advance(5.1)
    assert refusal(lambda: plant.dispatcher.release(operation)).reason is RefusalReason.STALE_REQUEST
    assert plant.dispatcher.in_flight == ()
    plant.start()


def test_what_a_session_began_and_did_not_send_ends_with_it(plant: Plant) -> None:
    operation = plant.dispatcher.begin(plant.select().token, plant.session)
    assert refusal(plant.select).reason is RefusalReason.IN_PROGRESS
    plant.dispatcher.cancel_session(plant.session.id)
    other = plant.log_in("li", Role.ENGINEER)
    second = plant.dispatcher.begin(plant.select(session=other).token, other)
    assert refusal(lambda: plant.dispatcher.release(operation)).reason is RefusalReason.NO_SESSION
    plant.dispatcher.release(second)
    assert plant.dispatcher.in_flight == (second,)


def test_a_command_that_was_not_sent_takes_over_from_none(plant: Plant) -> None:
    start = plant.start()
    start.written(WriteResult(st.GOOD))
    stop = plant.dispatcher.begin(plant.select("P.STOP").token, plant.session)
    stop.refuse(RefusalReason.AUDIT_UNAVAILABLE, LocalText("The audit cannot be written.", "审计不可用。"))
    assert start.result is None
    assert plant.dispatcher.in_flight == (start,)
    plant.clock.advance(1)
    assert plant.feedback(start, 2) is CommandOutcome.SUCCESS


def test_loss_of_the_connection_of_the_feedback_drops_the_selection_too() -> None:
    plant = Plant(feedback_connection="other")
    selection = plant.select()
    plant.dispatcher.connection_lost("other")
    assert refusal(lambda: plant.dispatcher.begin(selection.token, plant.session)).reason is RefusalReason.NOT_SELECTED


def test_an_old_request_is_not_carried_out(plant: Plant) -> None:
    issued = plant.clock.now_ns()
    plant.clock.advance(5.1)
    stale = refusal(lambda: plant.dispatcher.select(plant.session, "P.START", None, "d", issued))
    assert stale.reason is RefusalReason.STALE_REQUEST
    selection = plant.select()
    stale = refusal(lambda: plant.dispatcher.begin(selection.token, plant.session, issued))
    assert stale.reason is RefusalReason.STALE_REQUEST


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (WriteResult(st.BAD_NOT_WRITABLE), CommandOutcome.REJECTED),
        (WriteResult(st.BAD_TIMEOUT, known=False, message="no answer"), CommandOutcome.UNKNOWN),
    ],
)
def test_what_the_device_says(plant: Plant, answer: WriteResult, outcome: CommandOutcome) -> None:
    operation = plant.start()
    result = operation.written(answer)
    assert result is not None
    assert (result.outcome, result.device_status, result.detail) == (outcome, answer.status, answer.message)
    assert plant.feedback(operation, 2) is outcome
    plant.put("P.ST", 0)
    plant.start()


def test_what_never_went_out_is_not_called_refused_by_the_device(plant: Plant) -> None:
    result = plant.start().written(WriteResult(st.BAD_NOT_CONNECTED, message="not connected; nothing was sent"))
    assert result is not None
    assert result.outcome is CommandOutcome.REJECTED
    assert result.message.en.startswith("Not sent")


def test_one_command_in_flight_but_a_stop_takes_over_from_a_start(plant: Plant) -> None:
    operation = plant.start()
    assert refusal(lambda: plant.select("P.STOP")).reason is RefusalReason.IN_PROGRESS
    operation.written(WriteResult(st.GOOD))
    assert refusal(lambda: plant.select("P.START")).reason is RefusalReason.IN_PROGRESS
    plant.clock.advance(1)
    plant.feedback(operation, 1)
    stop = plant.start("P.STOP")
    assert operation.result is not None
    assert (operation.result.outcome, operation.result.detail) == (CommandOutcome.DISCREPANCY, "P.STOP")
    assert plant.dispatcher.in_flight == (stop,)
    stop.written(WriteResult(st.GOOD))
    plant.clock.advance(1)
    assert plant.feedback(stop, 0) is CommandOutcome.SUCCESS


def test_feedback_that_does_not_follow_is_a_discrepancy(plant: Plant) -> None:
    operation = plant.start()
    operation.written(WriteResult(st.GOOD))
    assert operation.deadline_ns == plant.clock.now_ns() + 45 * 10**9
    plant.clock.advance(45)
    plant.feedback(operation, 1)
    assert operation.expire(plant.clock.now_ns()).outcome is CommandOutcome.DISCREPANCY


def test_feedback_that_comes_too_late_is_a_discrepancy(plant: Plant) -> None:
    operation = plant.start()
    operation.written(WriteResult(st.GOOD))
    plant.put("P.ST", 1)
    plant.clock.advance(45.001)
    late = operation.feedback("P.ST", replace(plant.samples["P.ST"], value=1), plant.clock.now_ns())
    assert late is not None
    assert late.outcome is CommandOutcome.DISCREPANCY


def test_feedback_that_cannot_be_read_leaves_it_unknown(plant: Plant) -> None:
    operation = plant.start()
    operation.written(WriteResult(st.GOOD))
    plant.clock.advance(1)
    assert plant.feedback(operation, 2, st.BAD_NO_COMMUNICATION) is None
    assert operation.expire(plant.clock.now_ns()).outcome is CommandOutcome.UNKNOWN


def test_no_answer_to_the_write_is_unknown(plant: Plant) -> None:
    operation = plant.start()
    assert operation.expire(plant.clock.now_ns()).outcome is CommandOutcome.UNKNOWN


def test_feedback_from_before_the_write_does_not_count(plant: Plant) -> None:
    operation = plant.start()
    old = plant.put("P.ST", 2)
    plant.clock.advance(0.5)
    operation.sending()
    assert operation.written(WriteResult(st.GOOD)) is None
    assert operation.feedback("P.ST", old, plant.clock.now_ns()) is None


def test_feedback_that_overtakes_the_answer_counts(plant: Plant) -> None:
    operation = plant.start()
    operation.sending()
    plant.clock.advance(0.2)
    assert plant.feedback(operation, 2) is None
    plant.clock.advance(0.1)
    result = operation.written(WriteResult(st.GOOD))
    assert result is not None
    assert result.outcome is CommandOutcome.SUCCESS


@pytest.mark.parametrize("fresh", [True, False])
def test_an_action_that_is_already_satisfied(plant: Plant, fresh: bool) -> None:
    plant.put("P.ST", 2)
    plant.clock.advance(1)
    operation = plant.start()
    assert operation.written(WriteResult(st.GOOD)) is None
    assert operation.deadline_ns == plant.clock.now_ns() + 5 * 10**9
    plant.clock.advance(5)
    if fresh:
        assert plant.feedback(operation, 2) is CommandOutcome.SUCCESS
    else:
        assert operation.expire(plant.clock.now_ns()).outcome is CommandOutcome.SUCCESS


def test_refused_before_sending(plant: Plant) -> None:
    operation = plant.start()
    result = operation.refuse(
        RefusalReason.AUDIT_UNAVAILABLE, LocalText("The audit cannot be written.", "审计不可用。")
    )
    assert (result.outcome, result.reason) == (CommandOutcome.REFUSED, RefusalReason.AUDIT_UNAVAILABLE)
    assert plant.dispatcher.in_flight == ()


def test_preview_lists_every_check_without_selecting(plant: Plant) -> None:
    plant.put("LVL", 0.5)
    plant.put("P.LR", 0)
    checks = plant.dispatcher.preview(plant.session, "P.START")
    assert [check.id for check in checks if not check.passed] == ["local-remote", "interlock:suction"]
    assert all(check.detail.zh for check in checks if not check.passed)
