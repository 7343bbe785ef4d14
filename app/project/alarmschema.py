"""The shape of alarms in the files of types, and in alarms.csv."""

from typing import Annotated, Any, ClassVar

from pydantic import Field, PlainValidator

from app.model.alarm import SHELVING_S, AlarmKind, Priority
from app.project import cells
from app.project.schema import (
    AlarmDeadband,
    FrozenAfter,
    PriorityNumber,
    Row,
    Seconds,
    Table,
    Text,
    from_value,
)

CLASSES = ("safety", "environmental", "water-quality", "equipment", "process", "security")


def _alarm_class(value: str) -> str:
    if value and value not in CLASSES:
        raise ValueError(f"'{value}' is unknown; allowed: {', '.join(CLASSES)}")
    return value


KindOfAlarm = Annotated[AlarmKind, from_value(AlarmKind)]
Expected = Annotated[tuple[tuple[int, tuple[int, ...]], ...], PlainValidator(cells.parse_expected)]
RateWindow = Annotated[float, Field(ge=1, le=3600)]
Times = Annotated[int, Field(ge=1, le=100)]
Class = Annotated[str, PlainValidator(_alarm_class)]
GroupName = Annotated[str, Field(max_length=64)]
Shelving = Annotated[float, Field(ge=0, le=SHELVING_S)]
RespondIn = Annotated[int, Field(ge=1, le=86400)]


class AlarmTable(Table):
    """[[members.X.alarms]]."""

    stand_ins: ClassVar[dict[str, Any]] = {"kind": AlarmKind.BAD_QUALITY, "priority": 3}
    kind: KindOfAlarm
    limit: float | None = None
    limit_tag: str = ""
    reference: str = ""
    expected: Expected = ()
    states: list[int] = Field(default_factory=list)
    priority: PriorityNumber = Priority.MEDIUM
    text: Text = ""
    text_zh: Text = ""
    deadband: AlarmDeadband = 0.0
    on_delay_s: Seconds = 0.0
    off_delay_s: Seconds = 0.0
    rate_s: RateWindow = 60.0
    frozen_s: FrozenAfter = 0.0
    count: Times = 1
    count_s: Seconds = 0.0
    ack_required: bool = True
    latched: bool = False
    realarm_s: Seconds = 0.0
    escalate_s: Seconds = 0.0
    shelve_max_s: Shelving | None = None
    suppress_when: str = ""
    first_out: GroupName = ""
    alarm_class: Class = Field("", alias="class")
    display: str = ""
    cause: Text = ""
    cause_zh: Text = ""
    consequence: Text = ""
    consequence_zh: Text = ""
    action: Text = ""
    action_zh: Text = ""
    confirmation: Text = ""
    confirmation_zh: Text = ""
    basis: Text = ""
    basis_zh: Text = ""
    respond_s: RespondIn | None = None
    rationalised: Text = ""
    change: Text = ""


class AlarmRow(Row):
    """A row of alarms.csv; None: as it is without the row."""

    stand_ins: ClassVar[dict[str, Any]] = {"id": "x"}
    id: str
    enabled: bool | None = None
    priority: Annotated[Priority, PlainValidator(cells.parse_priority)] | None = None
    limit: float | None = None
    limit_tag: str | None = None
    reference: str | None = None
    expected: Expected | None = None
    states: Annotated[tuple[int, ...], PlainValidator(cells.parse_numbers)] | None = None
    deadband: AlarmDeadband | None = None
    on_delay_s: Seconds | None = None
    off_delay_s: Seconds | None = None
    rate_s: RateWindow | None = None
    frozen_s: FrozenAfter | None = None
    count: Times | None = None
    count_s: Seconds | None = None
    ack_required: bool | None = None
    latched: bool | None = None
    realarm_s: Seconds | None = None
    escalate_s: Seconds | None = None
    shelve_max_s: Shelving | None = None
    suppress_when: str | None = None
    first_out: GroupName | None = None
    alarm_class: Class | None = Field(None, alias="class")
    display: str | None = None
    text: Text | None = None
    text_zh: Text | None = None
    cause: Text | None = None
    cause_zh: Text | None = None
    consequence: Text | None = None
    consequence_zh: Text | None = None
    action: Text | None = None
    action_zh: Text | None = None
    confirmation: Text | None = None
    confirmation_zh: Text | None = None
    basis: Text | None = None
    basis_zh: Text | None = None
    respond_s: RespondIn | None = None
    rationalised: Text | None = None
    change: Text | None = None
