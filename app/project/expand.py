"""equipment.csv: instances, expanded into tags, alarms and commands by their types."""

from dataclasses import dataclass
from typing import Any, Final

from app.model.alarm import AlarmDefinition, AlarmGuidance, AlarmKind
from app.model.command import CommandDefinition, CommandKind, Interlock
from app.model.equipment import Equipment
from app.model.tag import DataType, Limits, Tag
from app.model.text import LocalText
from app.project.alarmschema import AlarmTable
from app.project.alarmtext import text_of
from app.project.cells import Share
from app.project.checks import address_error, phrase
from app.project.csvfile import read_table
from app.project.draft import Draft
from app.project.faults import Faults, Part
from app.project.place import Place, suggestion
from app.project.schema import CommandTable, EquipmentRow, columns, required
from app.project.template import Template, TemplateError
from app.project.tomlfile import TablePlace
from app.project.typefile import BUILT_IN, MemberSpec, TypeSpec
from app.project.validate import validate

_COLUMNS: Final = columns(EquipmentRow)
_REQUIRED: Final = required(EquipmentRow)


def read_equipment(draft: Draft, types: dict[str, TypeSpec], faults: Faults) -> None:
    """Read equipment.csv, if there is one, and expand every instance into the draft."""
    path = draft.folder / "equipment.csv"
    if not path.exists():
        return
    table = read_table(path, draft.folder, draft.problems, _COLUMNS, _REQUIRED)
    if table is None or table.absent:
        draft.names_broken = True
    for place, cells in table.rows if table else ():
        row = validate(EquipmentRow, cells, place, reported=table.absent if table else frozenset())
        draft.check_area(row.area, place)
        if row.type and row.type not in types and not draft.names_broken:
            place.problem("type", f"type '{row.type}' is unknown{suggestion(row.type, types)}")
        if row.name in draft.equipment_places:
            where = draft.equipment_places[row.name].describe()
            place.problem("name", f"equipment '{row.name}' is already defined in {where}; allowed: each name once")
            continue
        if not row.name or row.type not in types:
            draft.broken.add(row.name or cells.get("name", ""))
            continue
        draft.equipment_places[row.name] = place
        spec = types[row.type]
        values = _values(row, spec, place, wrong="parameters" in cells and not row.parameters)
        if values is None:
            draft.broken.add(row.name)
            continue
        faults.instances[row.type] = faults.instances.get(row.type, 0) + 1
        _Instance(row, spec, values, place, draft, faults).expand()


def _values(row: EquipmentRow, spec: TypeSpec, place: Place, *, wrong: bool) -> dict[str, str] | None:
    """Return the values of all parameters; None with problems reported where one is missing."""
    values = {key: default for key, default in spec.parameters.items() if default is not None}
    if wrong:
        return None
    for name, value in row.parameters.items():
        if name not in spec.parameters:
            hint = suggestion(name, spec.parameters)
            place.problem("parameters", f"parameter '{name}' is unknown to type '{row.type}'{hint}")
        else:
            values[name] = value
    missing = [name for name in spec.parameters if name not in values]
    for name in missing:
        needed = ", ".join(key for key, default in spec.parameters.items() if default is None)
        place.problem("parameters", f"parameter '{name}' is missing; type '{row.type}' requires: {needed}")
    if missing:
        return None
    return values


@dataclass
class _Instance:
    row: EquipmentRow
    spec: TypeSpec
    parameters: dict[str, str]
    place: Place
    draft: Draft
    faults: Faults

    def __post_init__(self) -> None:
        row = self.row
        self.title = LocalText(row.description or row.name, row.description_zh)
        area = self.draft.areas.get(row.area)
        self._en = {**self.parameters, "name": row.name, "area": row.area, "title": self.title.en}
        self._zh = {**self._en, "title": self.title.get("zh"), "area": area.title.get("zh") if area else row.area}
        self.members = {member: f"{row.name}.{member}" for member in self.spec.members}
        switch = self.spec.table.local_remote
        self.local_remote = self.members.get(switch, "")

    def expand(self) -> None:
        row, draft = self.row, self.draft
        draft.equipment[row.name] = Equipment(
            name=row.name,
            type=row.type,
            area=row.area,
            title=self.title,
            members=self.members,
            local_remote=self.local_remote,
            parameters=self.parameters,
        )
        unknown: set[str] = set()
        for name, member in self.spec.members.items():
            self._member(name, member, unknown)
        interlocks = {name: self._interlock(name) for name in self.spec.interlocks}
        for name, (place, command) in self.spec.commands.items():
            found = tuple(interlocks[key] for key in command.interlocks if key in interlocks)
            self._command(name, place, command, found)

    def _part(self, place: TablePlace, *texts: str) -> Part:
        parametric = any(f"{{{name}" in text for text in texts for name in self.spec.parameters)
        return Part(self.faults, self.row.type, self.row.name, self.place, place, parametric)

    def _fill(self, text: str, part: Part, key: str) -> str | None:
        """Put the values in; None where the template is wrong (reported with the type) or a value does not fit."""
        if "{" not in text and "}" not in text:
            return text
        try:
            template = Template.parse(text)
            if not set(template.names) <= BUILT_IN | self.parameters.keys():
                return None
            return template.fill(self._en)
        except TemplateError as error:
            if error.parameter:
                self.place.problem("parameters", str(error))
            return None

    def _text(self, en: str, zh: str) -> LocalText:
        """Put values in the texts of both languages, with the title before them unless they name it themselves."""
        filled = []
        for text, values in ((en, self._en), (zh, self._zh)):
            try:
                filled.append(Template.parse(text).fill(values))
            except TemplateError:
                filled.append(text)
        return LocalText(*filled)

    def _titled(self, en: str, zh: str) -> LocalText:
        text = self._text(en, zh)
        return text if "{title}" in en or "{name}" in en else phrase(self.title, text)

    def _member(self, name: str, spec: MemberSpec, unknown: set[str]) -> None:
        table, draft = spec.table, self.draft
        source = table.connection if table.connection is not None else "{connection}"
        part = self._part(spec.place, table.address)
        connection = self._fill(source, part, "connection") if table.address else ""
        address = self._fill(table.address, part, "address")
        if connection and not draft.knows_connection(connection):
            if "{" in source and connection not in unknown:
                hint = suggestion(connection, draft.connections)
                self.place.problem("parameters", f"connection '{connection}' is unknown{hint}")
            unknown.add(connection)
        elif connection in draft.connections and address is not None:
            error = address_error(draft.connections[connection], address, table.data_type, table.writable)
            if error:
                part.problem("address", error)
        formula = self._part(spec.place, table.expression)
        expression = self._fill(table.expression, formula, "expression") or ""
        limits = {alarm.kind: alarm.limit for _, alarm in spec.alarms if alarm.limit is not None}
        normal_low, normal_high = table.normal or (None, None)
        tag = Tag(
            name=self.members[name],
            description=phrase(self.title, self._text(table.title or name, table.title_zh)),
            area=self.row.area,
            data_type=table.data_type,
            connection=connection or "",
            address=address or "",
            expression=expression,
            scale=table.scale,
            offset=table.offset,
            clamp=table.clamp,
            unit=table.unit,
            low=table.low,
            high=table.high,
            decimals=(1 if table.data_type is DataType.FLOAT else 0) if table.decimals is None else table.decimals,
            limits=Limits(
                limits.get(AlarmKind.LOW_LOW),
                limits.get(AlarmKind.LOW),
                limits.get(AlarmKind.HIGH),
                limits.get(AlarmKind.HIGH_HIGH),
                normal_low=normal_low,
                normal_high=normal_high,
            ),
            states=table.states,
            scan_ms=table.scan_ms,
            deadband=table.deadband,
            writable=table.writable,
            retention=table.retention,
            frozen_s=table.frozen_s,
            valid_low=table.valid_low,
            valid_high=table.valid_high,
            equipment=self.row.name,
            member=name,
        )
        if tag.name in draft.tags:
            where = draft.origins[tag.name].describe()
            self.place.problem("name", f"tag '{tag.name}' is already defined in {where}")
            return
        draft.add_tag(tag, formula if expression else part)
        for place, alarm in spec.alarms:
            self._alarm(tag, place, alarm)

    def _alarm(self, tag: Tag, place: TablePlace, table: AlarmTable) -> None:
        identity = f"{tag.name}.{table.kind.value}"
        if identity in self.draft.alarms:
            return
        named = self._titled(table.text, table.text_zh) if table.text or table.text_zh else None
        part = self._part(place, table.suppress_when, table.limit_tag, table.reference, table.first_out, table.display)
        deadband = table.deadband
        self.draft.alarm_origins[identity] = part
        self.draft.alarms[identity] = AlarmDefinition(
            id=identity,
            tag=tag.name,
            kind=table.kind,
            priority=table.priority,
            text=named or text_of(tag, table.kind, table.states),
            area=tag.area,
            equipment=tag.equipment,
            connection=tag.connection,
            limit=table.limit,
            limit_tag=self._fill(table.limit_tag, part, "limit_tag") or "",
            reference=self._fill(table.reference, part, "reference") or "",
            expected=table.expected,
            rate_s=table.rate_s,
            frozen_s=table.frozen_s,
            states=tuple(table.states),
            deadband=deadband.of(tag.low, tag.high) if isinstance(deadband, Share) else deadband,
            on_delay_s=table.on_delay_s,
            off_delay_s=table.off_delay_s,
            count=table.count,
            count_s=table.count_s,
            ack_required=table.ack_required,
            latched=table.latched,
            realarm_s=table.realarm_s,
            escalate_s=table.escalate_s,
            shelve_max_s=table.shelve_max_s,
            suppress_when=self._fill(table.suppress_when, part, "suppress_when") or "",
            first_out=self._fill(table.first_out, part, "first_out") or "",
            alarm_class=table.alarm_class,
            display=self._fill(table.display, part, "display") or "",
            guidance=_guidance(table),
        )
        self.draft.conditions.append((self.draft.alarms[identity].suppress_when, part, "suppress_when"))

    def _interlock(self, name: str) -> Interlock:
        place, table = self.spec.interlocks[name]
        part = self._part(place, table.blocked_when)
        condition = self._fill(table.blocked_when, part, "blocked_when") or ""
        self.draft.conditions.append((condition, part, "blocked_when"))
        return Interlock(f"{self.row.name}.{name}", self._text(table.title, table.title_zh), condition)

    def _command(self, name: str, place: TablePlace, table: CommandTable, interlocks: tuple[Interlock, ...]) -> None:
        target = self.draft.tags.get(self.members.get(table.target, ""))
        feedback = self.members.get(table.feedback, "")
        if target is None or not feedback:
            return
        setpoint = table.kind is CommandKind.SETPOINT
        limits: dict[str, Any] = {}
        if setpoint:
            limits = {
                "low": target.low if table.low is None else table.low,
                "high": target.high if table.high is None else table.high,
                "max_step": table.max_step,
            }
        command = CommandDefinition(
            id=target.name if setpoint else f"{self.row.name}.{name}",
            kind=table.kind,
            title=self._text(table.title or name, table.title_zh),
            target=target.name,
            feedback=feedback,
            area=self.row.area,
            equipment=self.row.name,
            value=table.value,
            expect=tuple(table.expect),
            tolerance=table.tolerance,
            timeout_s=table.timeout_s,
            local_remote=self.local_remote,
            role=table.role,
            interlocks=interlocks,
            **limits,
        )
        self.draft.add_command(command, self._part(place))


def _guidance(table: AlarmTable) -> AlarmGuidance:
    return AlarmGuidance(
        LocalText(table.cause, table.cause_zh),
        LocalText(table.consequence, table.consequence_zh),
        LocalText(table.action, table.action_zh),
        table.respond_s,
        LocalText(table.confirmation, table.confirmation_zh),
        LocalText(table.basis, table.basis_zh),
        table.rationalised,
        table.change,
    )
