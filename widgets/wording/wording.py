"""The language of project texts, and times and numbers as an operator reads them."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from app.model import status as st
from app.model.clock import SECOND_NS
from app.model.errors import HaiheError
from app.model.sample import Sample, Value
from app.model.tag import DataType, Tag
from app.model.text import LocalText

THIN_SPACE: Final = "\u202f"
DASH: Final = "—"
MINUS: Final = "−"
"""As wide as a figure, unlike the hyphen of plain text."""


def with_minus(digits: str) -> str:
    """Return digits as Python writes them with a typographic minus; zero has none."""
    if not digits[1:2].isdigit() or digits[0] != "-":
        return digits
    return MINUS + digits[1:] if digits.strip("-0.,") else digits[1:]


class Wording:
    """Writes project texts in a language, and times in the plant's zone. Times are ns since the epoch, UTC."""

    def __init__(self, time_zone: str, language: str = "en") -> None:
        self.zone = ZoneInfo(time_zone)
        self.language = language

    def text(self, text: LocalText) -> str:
        """Return a project text in the current language."""
        return text.get(self.language)

    def error(self, error: HaiheError) -> str:
        """Return what an error says, in the current language where it can."""
        return self.text(error.text) or type(error).__name__

    def moment(self, ns: int) -> datetime:
        """Return a time in the plant's zone."""
        return datetime.fromtimestamp(ns / SECOND_NS, self.zone)

    def time(self, ns: int | None) -> str:
        """Return ``HH:MM:SS``; a dash for None or zero."""
        return self.moment(ns).strftime("%H:%M:%S") if ns else DASH

    def date_time(self, ns: int | None, *, milliseconds: bool = False) -> str:
        """Return ``YYYY-MM-DD HH:MM:SS``, with milliseconds if wanted; a dash for None or zero."""
        if not ns:
            return DASH
        moment = self.moment(ns)
        text = moment.strftime("%Y-%m-%d %H:%M:%S")
        return f"{text}.{moment.microsecond // 1000:03d}" if milliseconds else text

    def date(self, ns: int) -> str:
        """Return ``YYYY-MM-DD``."""
        return self.moment(ns).strftime("%Y-%m-%d")

    def duration(self, seconds: float) -> str:
        """Return a span such as ``12 min`` or ``3 h 05 min``."""
        whole = max(0, int(seconds))
        translate = QCoreApplication.translate
        if whole < 120:
            return translate("Wording", "{0} s").format(whole)
        minutes = whole // 60
        if minutes < 120:
            return translate("Wording", "{0} min").format(minutes)
        hours, minutes = divmod(minutes, 60)
        if hours < 72:
            return translate("Wording", "{0} h {1} min").format(hours, f"{minutes:02d}")
        return translate("Wording", "{0} d {1} h").format(*divmod(hours, 24))

    def number(self, value: float, decimals: int) -> str:
        """Return a number with fixed decimals and thousands apart by a thin space."""
        return with_minus(f"{value:,.{max(0, decimals)}f}").replace(",", THIN_SPACE)

    def value(self, tag: Tag, value: Value) -> str:
        """Return a value of a tag without its unit: digits, a state's text, or a dash."""
        if value is None:
            return DASH
        if isinstance(value, str):
            return value
        if tag.data_type in {DataType.ENUM, DataType.BOOL} or tag.states:
            text = tag.state_text(value)
            return self.text(text) if text is not None else with_minus(str(int(value)))
        return self.number(float(value), 0 if tag.data_type is DataType.INT else tag.decimals)

    def sample(self, tag: Tag, sample: Sample | None) -> str:
        """Return the value of a reading; a dash where it has none or is bad without being a last known value."""
        if sample is None:
            return DASH
        if st.is_bad(sample.status) and not st.is_stale(sample.status):
            return DASH
        return self.value(tag, sample.value)

    def with_unit(self, tag: Tag, value: Value) -> str:
        """Return a value and its unit."""
        text = self.value(tag, value)
        return f"{text} {tag.unit}" if tag.unit and text != DASH else text
