"""Turning of pydantic's errors into sentences that say what is wrong and what is allowed."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar, get_args

import annotated_types
from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from app.project.place import Place, suggestion
from app.project.schema import Checked, Table

Model = TypeVar("Model", bound=Checked)


def validate(
    model: type[Model], data: Mapping[str, Any], place: Place, *, reported: frozenset[str] = frozenset()
) -> Model:
    """Check a table or row; reports every mistake, and goes on with defaults in the place of wrong values.

    A required text that is missing or wrong becomes empty. ``reported``: required fields already missed.
    """
    absent = {name for name in reported if name in model.stand_ins}
    try:
        return _checked(model, data, absent)
    except ValidationError as first:
        details = first.errors(include_url=False)
    seen: set[tuple[str, str]] = set()
    for detail in details:
        location = ".".join(str(part) for part in detail["loc"])
        message = explain(detail, model)
        if (location, message) not in seen:
            seen.add((location, message))
            place.problem(location, message)
    wrong = {str(detail["loc"][0]) for detail in details if detail["loc"]}
    return _checked(model, {key: value for key, value in data.items() if key not in wrong}, absent | wrong)


def _checked(model: type[Model], data: Mapping[str, Any], wrong: set[str]) -> Model:
    stand_ins = {name: model.stand_ins[name] for name in wrong if name in model.stand_ins}
    checked: Model = model.model_validate({**data, **stand_ins})
    texts = {name: "" for name, value in stand_ins.items() if type(value) is str}
    return checked.model_copy(update=texts) if texts else checked


def explain(detail: ErrorDetails, model: type[Checked]) -> str:
    """Return one sentence for an error of pydantic: what is wrong, and what is allowed."""
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    shown = f"'{value}'" if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else repr(value)
    match kind:
        case "missing":
            needed = [info.alias or name for name, info in model.model_fields.items() if info.is_required()]
            return f"is missing; required: {', '.join(needed)}"
        case "extra_forbidden":
            wrong = str(detail["loc"][-1])
            return f"'{wrong}' is unknown{suggestion(wrong, [i.alias or n for n, i in model.model_fields.items()])}"
        case "value_error":
            return str(context.get("error", detail["msg"]))
        case "literal_error":
            return f"{shown} is unknown; allowed: {context.get('expected', '')}"
        case "float_parsing" | "float_type" | "finite_number":
            return f"{shown} is not a number; allowed: a number such as 12.5"
        case "int_parsing" | "int_type" | "int_from_float":
            return f"{shown} is not a whole number; allowed: a whole number such as 12"
        case "bool_parsing" | "bool_type":
            return f"{shown} is neither yes nor no; allowed: {'true, false' if issubclass(model, Table) else 'yes, no'}"
        case "string_type":
            return f"{shown} is not text; allowed: text in quotation marks"
        case "list_type":
            return f"{shown} is not a list; allowed: a list such as [1, 2]"
        case "dict_type" | "model_type":
            return f"{shown} is not a table; allowed: a table of keys and values"
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal":
            return f"{shown} is out of range; allowed: {_range(model, str(detail['loc'][0]), context)}"
        case _:
            return f"{shown}: {detail['msg'][:1].lower()}{detail['msg'][1:]}"


def _range(model: type[Checked], field: str, context: Mapping[str, Any]) -> str:
    words = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
    bounds: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        if (info.alias or name) == field:
            for item in _metadata(info):
                for key in words:
                    if isinstance(item, _BOUNDS) and hasattr(item, key):
                        bounds[key] = getattr(item, key)
    bounds.update(context)
    if {"ge", "le"} <= bounds.keys():
        return f"{bounds['ge']:g} to {bounds['le']:g}"
    return ", ".join(f"{words[key]} {bound:g}" for key, bound in bounds.items() if key in words)


def _metadata(info: FieldInfo) -> Iterator[Any]:
    """Yield what a field's type says of its values, also where it may be None."""
    yield from info.metadata
    for part in get_args(info.annotation):
        for item in getattr(part, "__metadata__", ()):
            yield from item.metadata if isinstance(item, FieldInfo) else (item,)


_BOUNDS = (annotated_types.Ge, annotated_types.Gt, annotated_types.Le, annotated_types.Lt)
