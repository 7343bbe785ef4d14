"""The shape of every table of a project, for pydantic; what several tables say together is checked elsewhere."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator

from app.model.alarm import AlarmKind, Priority
from app.model.command import CommandKind
from app.model.pen import CURVE_COLORS, WIDTHS, PenAxis, PenLine
from app.model.plant import MAX_GROUP_SPAN_S, MIN_GROUP_SPAN_S
from app.model.tag import DataType
from app.project import cells
from app.project.names import Id, TagName
from app.project.place import suggestion


def from_value(kind: type[Any]) -> BeforeValidator:
    """Accept the text of an enumeration in strict mode too; for the type of a field."""

    def convert(value: Any) -> Any:
        try:
            return kind(value)
        except ValueError:
            raise ValueError(f"{value!r} is unknown; allowed: {', '.join(str(item.value) for item in kind)}") from None

    return BeforeValidator(convert)


def _curve_color(value: Any) -> Any:
    """Accept the name of a curve colour of the themes."""
    if value in CURVE_COLORS:
        return value
    hint = suggestion(str(value), CURVE_COLORS)
    raise ValueError(f"{value!r} is unknown{hint}; allowed: {CURVE_COLORS[0]} to {CURVE_COLORS[-1]}")


TypeOfData = Annotated[DataType, from_value(DataType)]
KindOfCommand = Annotated[CommandKind, from_value(CommandKind)]
PriorityNumber = Annotated[Priority, from_value(Priority)]
States = Annotated[cells.States, PlainValidator(cells.parse_states)]
Text = Annotated[str, Field(max_length=500)]
Seconds = Annotated[float, Field(ge=0, le=86400)]
Deadband = Annotated[float, Field(ge=0)]
AlarmDeadband = Annotated[float | cells.Share, PlainValidator(cells.parse_deadband)]
FrozenAfter = Annotated[float, Field(ge=0, le=604_800)]


class Checked(BaseModel):
    """A table or row: unknown keys refused, no infinities."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, populate_by_name=True)
    stand_ins: ClassVar[dict[str, Any]] = {}
    """A valid value for each required key, used while the rest is checked when the key is missing or wrong."""


class Table(Checked):
    """A TOML table: types as written."""

    model_config = ConfigDict(strict=True)


class Row(Checked):
    """A row of a table file: every cell is text, turned into the type of its column."""


class PlantTable(Table):
    """[plant]."""

    stand_ins = {"id": "x", "title": "x", "time_zone": "x"}
    id: Id
    title: Text
    title_zh: Text = ""
    time_zone: str
    home_display: str = ""


class AreaTable(Table):
    """[[area]]."""

    stand_ins = {"id": "x", "title": "x"}
    id: Id
    title: Text
    title_zh: Text = ""


class PositionTable(Table):
    """[position.X]."""

    stand_ins = {"title": "x", "areas": [""]}
    title: Text
    title_zh: Text = ""
    areas: Annotated[list[str], Field(min_length=1)]


class ConnectionTable(Table):
    """[[connection]]."""

    stand_ins = {"id": "x", "protocol": "x", "endpoint": "x"}
    id: Id
    protocol: str
    endpoint: str
    title: Text = ""
    title_zh: Text = ""
    alarm_priority: PriorityNumber = Priority.HIGH
    simulate: bool = False
    options: dict[str, Any] = Field(default_factory=dict)


class RetentionTable(Table):
    """[retention.X]."""

    stand_ins = {"levels": [1024]}
    levels: Annotated[list[Annotated[int, Field(ge=64, le=10_000_000)]], Field(min_length=1, max_length=5)]


class HistoryTable(Table):
    """[history]."""

    spool_mib: Annotated[int, Field(ge=16, le=1_048_576)] = 1024
    keep_days: Annotated[int, Field(ge=1, le=36_500)] = 400


class JournalTable(Table):
    """[journal]."""

    keep_days: Annotated[int, Field(ge=0, le=36_500)] = 0


class TagRow(Row):
    """A row of tags.csv."""

    stand_ins = {"name": "x", "data_type": DataType.FLOAT}
    name: TagName
    description: Text = ""
    description_zh: Text = ""
    area: str = ""
    data_type: TypeOfData
    connection: str = ""
    address: str = ""
    expression: str = ""
    unit: Annotated[str, Field(max_length=20)] = ""
    low: float = 0.0
    high: float = 100.0
    decimals: Annotated[int, Field(ge=0, le=6)] | None = None
    scale: float = 1.0
    offset: float = 0.0
    clamp: bool = False
    scan_ms: Annotated[int, Field(ge=20, le=3_600_000)] = 1000
    normal_low: float | None = None
    normal_high: float | None = None
    low_low: float | None = Field(None, alias="LL")
    low_limit: float | None = Field(None, alias="L")
    high_limit: float | None = Field(None, alias="H")
    high_high: float | None = Field(None, alias="HH")
    priorities: Annotated[dict[AlarmKind, Priority], PlainValidator(cells.parse_priorities)] = Field(
        default_factory=dict
    )
    deadband: AlarmDeadband = 0.0
    on_delay_s: Seconds = 0.0
    off_delay_s: Seconds = 0.0
    states: States = ()
    alarm_states: Annotated[tuple[tuple[int, ...], Priority] | None, PlainValidator(cells.parse_alarm_states)] = None
    writable: bool = False
    feedback: str = ""
    set_low: float | None = None
    set_high: float | None = None
    set_step: Annotated[float, Field(gt=0)] | None = None
    tolerance: Annotated[float, Field(ge=0)] = 0.0
    retention: str = "default"
    history_deadband: Deadband = 0.0
    frozen_s: FrozenAfter = 0.0
    valid_low: float | None = None
    valid_high: float | None = None


class EquipmentRow(Row):
    """A row of equipment.csv."""

    stand_ins = {"name": "x", "type": "x"}
    name: TagName
    type: str
    area: str = ""
    description: Text = ""
    description_zh: Text = ""
    parameters: Annotated[dict[str, str], PlainValidator(cells.parse_parameters)] = Field(default_factory=dict)


class TypeTable(Table):
    """[type]."""

    stand_ins = {"name": "x", "title": "x"}
    name: Id
    title: Text
    title_zh: Text = ""
    symbol: str = ""
    state_member: str = ""
    running: list[int] = Field(default_factory=list)
    fault: list[int] = Field(default_factory=list)
    local_remote: str = ""
    trend: list[str] = Field(default_factory=list)


class ParameterTable(Table):
    """[parameters.X]."""

    default: str | int | None = None


class FaceplateTable(Table):
    """[[faceplate]]."""

    stand_ins = {"member": "x"}
    member: str
    caption: Text = ""
    caption_zh: Text = ""


class MemberTable(Table):
    """[members.X], without its alarms."""

    stand_ins = {"data_type": DataType.FLOAT}
    title: Text = ""
    title_zh: Text = ""
    data_type: TypeOfData
    connection: str | None = None
    address: str = ""
    expression: str = ""
    unit: Annotated[str, Field(max_length=20)] = ""
    low: float = 0.0
    high: float = 100.0
    decimals: Annotated[int, Field(ge=0, le=6)] | None = None
    normal: Annotated[list[float], Field(min_length=2, max_length=2)] | None = None
    scale: float = 1.0
    offset: float = 0.0
    clamp: bool = False
    states: States = ()
    scan_ms: Annotated[int, Field(ge=20, le=3_600_000)] = 1000
    deadband: Deadband = 0.0
    writable: bool = False
    retention: str = "default"
    frozen_s: FrozenAfter = 0.0
    valid_low: float | None = None
    valid_high: float | None = None


class CommandTable(Table):
    """[commands.X]."""

    stand_ins = {"kind": CommandKind.ACTION, "target": "x", "feedback": "x"}
    kind: KindOfCommand
    title: Text = ""
    title_zh: Text = ""
    target: str
    value: float | None = None
    feedback: str
    expect: list[int] = Field(default_factory=list)
    timeout_s: Annotated[float, Field(ge=0.5, le=3600)] = 10.0
    role: Literal["operator", "supervisor", "engineer"] = "operator"
    interlocks: list[str] = Field(default_factory=list)
    low: float | None = None
    high: float | None = None
    max_step: Annotated[float, Field(gt=0)] | None = None
    tolerance: Annotated[float, Field(ge=0)] = 0.0


class InterlockTable(Table):
    """[interlocks.X]."""

    stand_ins = {"title": "x", "blocked_when": "x"}
    title: Text
    title_zh: Text = ""
    blocked_when: str


class PenTable(Table):
    """[pens."TAG"] of a file of trends/."""

    color: Annotated[str, BeforeValidator(_curve_color)] = ""
    line: Annotated[PenLine, from_value(PenLine)] = PenLine.SOLID
    width: Annotated[int, Field(ge=WIDTHS[0], le=WIDTHS[-1])] = 1
    axis: Annotated[PenAxis, from_value(PenAxis)] = PenAxis.SHARED
    low: float | None = None
    high: float | None = None
    visible: bool = True


class TrendTable(Table):
    """A file of trends/."""

    stand_ins = {"title": "x", "tags": [""]}
    title: Text
    title_zh: Text = ""
    span_s: Annotated[int, Field(ge=MIN_GROUP_SPAN_S, le=MAX_GROUP_SPAN_S)] = 3600
    shared_axis: bool = False
    stagger: bool = False
    tags: Annotated[list[str], Field(min_length=1, max_length=16)]
    pens: dict[str, dict[str, Any]] = {}


def columns(row: type[Row]) -> tuple[str, ...]:
    """Return the names of the columns of a table file, in the order of the documentation."""
    return tuple(info.alias or name for name, info in row.model_fields.items())


def required(row: type[Row]) -> tuple[str, ...]:
    """Return the names of the columns that must be there."""
    return tuple(info.alias or name for name, info in row.model_fields.items() if info.is_required())
