"""The faceplate of one equipment."""

import time
from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QToolButton, QVBoxLayout, QWidget

from app.model.clock import SECOND_NS
from app.model.equipment import Equipment, FaceplateRow
from app.model.plant import Plant
from app.model.sample import Sample
from app.model.tag import Tag
from widgets.alarms.book import AlarmBook
from widgets.faceplate.commands import CommandPanel
from widgets.faceplate.minitrend import MiniTrend, TrendSource
from widgets.faceplate.port import CommandPort, Reader, SubstitutionPort
from widgets.faceplate.values import ValueRows
from widgets.quality import NOT_KNOWN, marked, shows_bad, shows_stale
from widgets.theme import GAP, HALF, STEP, ThemeManager
from widgets.wording import Wording


class Faceplate(QWidget):
    """Title, state, values, commands, trend, and guidance while an alarm is active.

    Signals:
        trend_wanted(str): a tag whose trend is wanted.
        substitute_wanted(str): a tag for which an operator wants to give a substitute.

    """

    trend_wanted = Signal(str)
    substitute_wanted = Signal(str)

    def __init__(
        self,
        plant: Plant,
        equipment: Equipment,
        read: Reader,
        book: AlarmBook,
        source: TrendSource | None,
        port: CommandPort,
        themes: ThemeManager,
        wording: Wording,
        on_close: Callable[[], None],
        substitutions: SubstitutionPort | None = None,
    ) -> None:
        super().__init__()
        self.equipment = equipment
        self._plant, self._read, self._book, self._wording = plant, read, book, wording
        kind = plant.types.get(equipment.type)
        rows = kind.faceplate if kind is not None and kind.faceplate else self._all_members()
        self._state = QLabel(wordWrap=True)
        self._state.setProperty("look", "label")
        lines = self._lines(rows)
        self._values = ValueRows(lines, read, book, themes, wording, substitutions)
        self._values.trend_wanted.connect(self.trend_wanted)
        self._values.substitute_wanted.connect(self.substitute_wanted)
        commands = [c for c in plant.commands.values() if c.equipment == equipment.name]
        self.commands = CommandPanel(commands, plant.tags, read, port, wording)
        names = {tag.name: caption for caption, tag in lines}
        members = [plant.tags[name] for name in plant.trended(equipment.name)]
        trended = [(names.get(tag.name) or self._caption(tag), tag) for tag in members]
        self._trend = MiniTrend(trended, source, read, themes, wording) if trended else None
        self._guidance_title, self._guidance, self._left = QLabel(), QLabel(), QLabel()
        self._lay_out(on_close)
        self.refresh()
        book.changed.connect(self._show_guidance)

    def refresh(self) -> None:
        """Read everything that is live; called by the console's one timer."""
        self._show_state()
        self._values.refresh()
        self.commands.refresh()
        self._show_guidance()

    def refresh_trend(self) -> None:
        """Read the trend again; called about once in two seconds."""
        if self._trend is not None:
            self._trend.refresh(time.time_ns())

    def _all_members(self) -> tuple[FaceplateRow, ...]:
        return tuple(FaceplateRow(member) for member in self.equipment.members)

    def _lines(self, rows: tuple[FaceplateRow, ...]) -> list[tuple[str, Tag]]:
        found = []
        for row in rows:
            tag = self._plant.tags.get(self.equipment.members.get(row.member, ""))
            if tag is not None:
                found.append((self._wording.text(row.caption) or self._caption(tag), tag))
        return found

    def _caption(self, tag: Tag) -> str:
        """Return the tag's description without the equipment's own name, which the title says already."""
        text, own = self._wording.text(tag.description), self._wording.text(self.equipment.title)
        short = text.removeprefix(own).strip(" ,，:：·") or text or tag.member
        return short[:1].upper() + short[1:]

    def _lay_out(self, on_close: Callable[[], None]) -> None:
        title = QLabel(self._wording.text(self.equipment.title) or self.equipment.short_name)
        title.setProperty("look", "heading")
        title.setWordWrap(True)
        close = QToolButton()
        close.setText("✕")
        close.setProperty("look", "flat")
        close.setToolTip(self.tr("Close (Esc)"))
        close.setAccessibleName(self.tr("Close faceplate"))
        close.clicked.connect(on_close)
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        inside = QWidget()
        box = QVBoxLayout(inside)
        box.setContentsMargins(GAP + HALF, GAP, GAP + HALF, GAP)
        box.setSpacing(STEP)
        box.addLayout(head)
        box.addWidget(self._state)
        box.addSpacing(HALF)
        box.addWidget(self._values)
        box.addSpacing(STEP)
        box.addWidget(self.commands)
        if self._trend is not None:
            box.addSpacing(STEP)
            box.addWidget(self._trend, 10)
        self._guidance_title.setProperty("look", "label")
        self._left.setProperty("look", "name")
        self._guidance.setWordWrap(True)
        for widget in (self._guidance_title, self._guidance, self._left):
            box.addWidget(widget)
        box.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)
        inside.setProperty("look", "panel")
        inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def _show_state(self) -> None:
        kind = self._plant.types.get(self.equipment.type)
        parts = [self.equipment.name]
        state = self._plant.tags.get(self.equipment.members.get(kind.state_member, "")) if kind else None
        if state is not None:
            sample = self._read(state.name)
            text = NOT_KNOWN if shows_bad(sample) else self._wording.sample(state, sample)
            text = self.tr("{0} (last known)").format(text) if shows_stale(sample) else text
            parts.append(marked(text, sample))
        if self.equipment.local_remote:
            parts.append(self._switch(self._read(self.equipment.local_remote)))
        text = " · ".join(parts)
        if self._state.text() != text:
            self._state.setText(text)

    def _switch(self, sample: Sample | None) -> str:
        if sample is None or not sample.is_good:
            return self.tr("local/remote not known")
        return marked(self.tr("remote") if sample.number == 1 else self.tr("local"), sample)

    def _show_guidance(self) -> None:
        rows = [row for row in self._book.of_equipment(self.equipment.name) if row.snapshot.active]
        row = next((row for row in rows if row.definition.guidance.action), rows[0] if rows else None)
        for widget in (self._guidance_title, self._guidance):
            widget.setVisible(row is not None)
        respond = row.definition.guidance.respond_s if row is not None else None
        self._left.setVisible(respond is not None)
        if row is None:
            return
        guidance, wording = row.definition.guidance, self._wording
        self._guidance_title.setText(self.tr("Guidance: {0}").format(wording.text(row.definition.text)))
        parts = [wording.text(part) for part in (guidance.cause, guidance.consequence, guidance.action) if part]
        self._guidance.setText("\n".join(parts) or self.tr("No guidance is configured"))
        if respond is not None:
            left = respond - (time.time_ns() - row.snapshot.time_in_ns) / SECOND_NS
            whole = wording.duration(respond)
            text = self.tr("Respond within {0} · {1} left").format(whole, wording.duration(left))
            late = self.tr("Respond within {0} · overdue by {1}").format(whole, wording.duration(-left))
            self._left.setText(text if left >= 0 else late)
