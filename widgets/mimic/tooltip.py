"""What the pointer says about a value or an equipment."""

from datetime import UTC, datetime
from html import escape
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from app.model.status import status_name
from widgets.live import TagHub
from widgets.quality import mark_text
from widgets.wording import with_minus


def value_tooltip(hub: TagHub, name: str, language: str) -> str:
    """Return name, description, value, quality and source time of a tag as rich text."""
    tag, sample = hub.tag(name), hub.sample(name)
    if tag is None:
        return QCoreApplication.translate("mimic", "{0}: no such tag in the project").format(escape(name))
    lines = [f"<b>{escape(name)}</b>", escape(tag.description.get(language))]
    if sample is not None:
        number = sample.number
        state = tag.state_text(number) if number is not None else None
        digits = "---" if number is None else f"{with_minus(f'{number:.{tag.decimals}f}')} {tag.unit}"
        shown = state.get(language) if state else digits
        moment = datetime.fromtimestamp(sample.source_ns / 1e9, UTC).astimezone(ZoneInfo(hub.plant.time_zone))
        when = f"{moment:%Y-%m-%d %H:%M:%S}" if sample.source_ns else ""
        lines.append(f"{escape(shown)} · {status_name(sample.status)} · {when}")
        lines.append(escape(mark_text(sample)))
    return "<br>".join(line for line in lines if line)


def equipment_tooltip(hub: TagHub, name: str, language: str) -> str:
    """Return name and title of an equipment as rich text."""
    equipment = hub.plant.equipment.get(name)
    if equipment is None:
        return QCoreApplication.translate("mimic", "{0}: no such equipment in the project").format(escape(name))
    return f"<b>{escape(name)}</b><br>{escape(equipment.title.get(language))}"
