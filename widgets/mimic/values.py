"""Numbers and state texts."""

from functools import partial

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter

from app.model.sample import Sample
from app.project.displays import Anchor, ValueText
from widgets.live import AlarmMark
from widgets.marks import paint_mark
from widgets.mimic.atlas import RowList
from widgets.mimic.context import Layout
from widgets.mimic.item import Item
from widgets.mimic.marks import put_letter
from widgets.quality import (
    NOT_KNOWN,
    age_text,
    dotted,
    hatch,
    letter_of,
    shows_bad,
    shows_stale,
    shows_uncertain,
)
from widgets.wording import with_minus

_DASH = "—"
_GAP = 4
_NUMERIC = "0123456789.− -"


class ValueItem(Item):
    """A live value: number or state, unit, alarm mark, quality."""

    def __init__(self, element: ValueText, layout: Layout) -> None:
        self.value = element
        tag = layout.hub.tag(element.tag)
        self._tag = tag
        self._px = layout.pixels(element.size)
        self._unit_px = layout.pixels(element.unit_size)
        self._cause_size = max(12, round(self._px * 0.7))
        self._decimals = element.decimals if element.decimals is not None else (tag.decimals if tag else 1)
        suffix = element.suffix.get(layout.language)
        self._unit = suffix or (tag.unit if tag and element.unit != "off" and tag.unit != "-" else "")
        point = layout.rect(element.box)
        self._x, self._y = point.x(), point.y()
        width = self._reach(layout)
        left = {Anchor.START: 24.0, Anchor.MIDDLE: width / 2 + 24, Anchor.END: width + 24}[element.anchor]
        below = self._unit_px * 1.5 if element.unit == "below" else self._px * 0.35
        rect = QRectF(self._x - left, self._y - self._px, width + 48, self._px + below)
        names = (element.tag, *(sorted(element.emphasis.names) if element.emphasis else ()))
        super().__init__(element, layout, rect.toAlignedRect(), names)
        self._sample: Sample | None = None
        self._box = QRect()

    def _reach(self, layout: Layout) -> float:
        if self._tag is None:
            return self._px * 4.0
        if self._tag.states:
            longest = max(len(text.en) for _, text in self._tag.states)
            return self._px * 0.62 * longest
        digits = max(len(self._number(self._tag.high)), len(self._number(self._tag.low)), 3)
        return self._px * 0.62 * digits + (self._px * 0.3 + self._unit_px * 0.7 * len(self._unit))

    def _number(self, value: float) -> str:
        text = with_minus(f"{value / self.value.divide:.{self._decimals}f}")
        whole, dot, rest = text.partition(".")
        if len(whole.lstrip("−")) > 4:
            whole = f"{whole[:-3]} {whole[-3:]}"
        return whole + dot + rest

    def _text(self, sample: Sample | None, layout: Layout) -> str:
        if sample is None or shows_bad(sample):
            return NOT_KNOWN
        number = sample.number
        if number is None:
            return str(sample.value)
        if self._tag is not None and self._tag.states:
            state = self._tag.state_text(number)
            return state.get(layout.language) if state else str(int(number))
        return self._number(number)

    def _age(self, sample: Sample, now_ns: int) -> str:
        """Return what stands in the unit's place while the value is stale; where it has none, hatching must do."""
        return "" if self.value.unit == "off" else age_text(sample, now_ns)

    def refresh(self, layout: Layout) -> None:
        """Compute the fragments from the newest samples."""
        element, hub = self.value, layout.hub
        rows = RowList()
        self.has_overlay = self.stale = self.blinks = False
        if not layout.true(element.visible):
            self.rows = rows.array
            return
        sample = self._sample = hub.sample(element.tag)
        applies = layout.true(element.applies)
        stale = self.stale = applies and shows_stale(sample)
        mark = hub.alarms.tags.get(element.tag) if element.mark else None
        text = self._text(sample, layout) if applies else _DASH
        strong = layout.true(element.emphasis, default=False)
        color = "faint" if not applies else "ink" if mark or strong or text == NOT_KNOWN else element.color
        if stale and sample is not None:
            color = "dim"
        bad = applies and shows_bad(sample)
        letter = letter_of(sample) if applies else ""
        unit = self._age(sample, hub.now_ns()) if stale and sample is not None else self._unit
        unit = "" if not applies or letter else unit  # there is no room for both
        beside = self._cause_size + _GAP if letter else self._unit_width(layout, unit) if element.unit == "on" else 0.0
        left, right = self._put_text(rows, layout, text, color, element.bold or strong, beside)
        right_all = self._put_unit(rows, layout, unit, left, right)
        if letter:
            right_all = self._put_letter(rows, layout, letter, right)
        if mark is not None and applies and not bad:
            self._put_mark(rows, layout, mark, left, right_all)
        self._box = QRect(round(left) - 2, round(self._y - self._px * 0.86), round(right - left) + 4, round(self._px))
        self.has_overlay = stale or (applies and shows_uncertain(sample))
        self.rows = rows.array

    def _put_text(
        self, rows: RowList, layout: Layout, text: str, color: str, bold: bool, beside: float
    ) -> tuple[float, float]:
        """Put digits or a state; ``beside``: the width (px) of what follows it, which ends at the anchor too."""
        element, paint = self.value, layout.theme.color(color)
        parts = [text] if text.strip(_NUMERIC) else list(text)
        known = layout.atlas.glyphs(self._px, bold, paint)
        cells = [known.get(part) or layout.atlas.text(part, self._px, bold, paint) for part in parts]
        width = 0
        for cell in cells:
            width += cell.step
        left = self._x
        if element.anchor is not Anchor.START:
            left -= beside + width if element.anchor is Anchor.END else width / 2
        rows.add_run(cells, left, self._y)
        return left, left + width

    def _unit_width(self, layout: Layout, unit: str) -> float:
        if not unit:
            return 0.0
        cell = layout.atlas.text(unit, self._unit_px, False, layout.theme.color("dim"))
        return cell.advance + self._px * 0.22

    def _put_unit(self, rows: RowList, layout: Layout, unit: str, left: float, right: float) -> float:
        if not unit:
            return right
        cell = layout.atlas.text(unit, self._unit_px, False, layout.theme.color("dim"))
        if self.value.unit == "below":
            anchor = self.value.anchor
            x = left if anchor is Anchor.START else right - cell.advance
            x = (left + right - cell.advance) / 2 if anchor is Anchor.MIDDLE else x
            rows.add_text(cell, x, self._y + self._unit_px * 1.25)
            return right
        x = right + self._px * 0.22
        rows.add_text(cell, x, self._y)
        return x + cell.advance

    def _put_mark(self, rows: RowList, layout: Layout, mark: AlarmMark, left: float, right: float) -> None:
        size = max(15, round(self._px * 0.95))
        self.blinks = mark.unacknowledged
        blank = mark.unacknowledged and not layout.hub.blink_on
        key = ("mark", int(mark.priority), size, blank)
        paint = partial(
            paint_mark, box=QRectF(0, 0, size, size), priority=mark.priority, theme=layout.theme, blank=blank
        )
        cell = layout.atlas.cell(key, size, size, paint)
        x = right + 5 if self.value.anchor is Anchor.START else left - size - 3
        rows.add(cell, x, self._y - self._px * 0.37 - size / 2)

    def _put_letter(self, rows: RowList, layout: Layout, letter: str, right: float) -> float:
        """Put the cause of a bad value, or the mark of one that was not measured or stands still; return its end."""
        size = self._cause_size
        put_letter(rows, layout, letter, size, right + _GAP, self._y - self._px * 0.37 - size / 2)
        return right + _GAP + size

    def overlay(self, painter: QPainter, layout: Layout) -> None:
        """Hatch or outline what is not good."""
        if self.stale:
            hatch(painter, self._box, layout.theme)
        else:
            dotted(painter, self._box, layout.theme)
