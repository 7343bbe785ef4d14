"""Values of any type in one text column, without loss of type: JSON."""

import json
import math

from app.model.sample import Value


def value_to_text(value: Value) -> str | None:
    """Return the JSON of a value; numbers that are not finite become None."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return json.dumps(value, ensure_ascii=False)


def value_from_text(text: str | None) -> Value:
    """Return the value of its JSON."""
    if text is None:
        return None
    value = json.loads(text)
    return value if isinstance(value, float | int | bool | str) else None
