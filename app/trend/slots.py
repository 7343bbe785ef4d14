"""Which slots the store of a plant has: one rule for everyone who writes it."""

from app.model.plant import Plant
from app.trend.types import DEFAULT, RetentionClass, SlotSpec


def slots_of(plant: Plant) -> list[SlotSpec]:
    """Return a slot a tag, in the project's order: a tag's slot is its index."""
    classes = {
        name: RetentionClass(name, retention.levels[0], tuple(retention.levels[1:]))
        for name, retention in plant.retention.items()
        if retention.levels
    }
    return [SlotSpec(tag.name, classes.get(tag.retention, DEFAULT)) for tag in plant.tags.values()]
