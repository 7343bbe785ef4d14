"""Typed codec between the model's dataclasses and JSON values.

What is decoded is decided by the receiver's annotation alone: a message cannot name a class. Closed set of types:
dataclasses of such fields, named tuples (sent as lists), enums, int, float, bool, str, None, ``Value``, unions with
None, tuples, lists, frozensets and dicts with text keys. Integers stay exact (times in ns); NaN and infinities survive.
"""

import dataclasses
import math
import types
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import Enum
from functools import cache, lru_cache
from typing import Any, Final, TypeAlias, TypeVar, Union, cast, get_args, get_origin, get_type_hints

Json: TypeAlias = dict[str, "Json"] | list["Json"] | str | int | float | bool | None

T = TypeVar("T")

_FLOAT_KEY: Final = "$float"
_SPECIAL: Final[dict[str, float]] = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}

_UNIONS: Final = frozenset({Union, types.UnionType})
_PLAIN: Final = frozenset({str, int, float, bool, type(None)})
_AS_IS: Final = _PLAIN - {float}


class CodecError(ValueError):
    """A JSON value does not fit the wanted type; the text says where and what was expected."""


def encode(value: object) -> Json:
    """Return the JSON form of a value of the closed set of types.

    Raises:
        CodecError: for a type outside of the set.

    """
    kind: Any = type(value)
    if kind in _AS_IS:  # most of what there is, of which a flood of alarms has a million
        return cast(Json, value)
    names = _names_of(kind)
    if names is not None:
        return {name: encode(getattr(value, name)) for name in names}
    if isinstance(value, Enum):
        return cast(Json, value.value)
    if isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {_FLOAT_KEY: repr(value)}
    if kind is tuple or kind is list:  # before the questions to abstract classes, which cost ten times as much
        return _encode_list(cast("Sequence[object]", value))
    if kind is frozenset or isinstance(value, AbstractSet):
        return sorted((encode(item) for item in cast("AbstractSet[object]", value)), key=str)
    if isinstance(value, Mapping):
        return {str(key): encode(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return _encode_list(value)
    raise CodecError(f"{type(value).__name__} cannot be sent over the link")


def _encode_list(items: Sequence[object]) -> Json:
    if _PLAIN.issuperset(map(type, items)) and all(math.isfinite(item) for item in items if type(item) is float):
        return list(cast("Sequence[Json]", items))  # such as a row of history, of which there are very many
    return [encode(item) for item in items]


def decode(kind: type[T], data: Json, where: str = "") -> T:
    """Return a value of ``kind`` from its JSON form. Fields that are unknown are ignored, missing ones take defaults.

    Raises:
        CodecError: where the data do not fit.

    """
    return cast(T, _decode(kind, data, where or getattr(kind, "__name__", str(kind))))


def _decode(kind: Any, data: Json, where: str) -> object:
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _decode_dataclass(kind, data, where)
    if isinstance(kind, type) and issubclass(kind, tuple) and hasattr(kind, "_fields"):
        row = cast("Any", kind)
        if isinstance(data, list) and _fits(kind, tuple(map(type, data))):
            for place, item in enumerate(data):
                if isinstance(item, str):
                    _text(item, f"{where}[{place}]")
            return row._make(data)
        return row(*cast("tuple[Any, ...]", _decode_container(tuple, _item_types(kind), data, where)))
    origin = get_origin(kind)
    if origin in _UNIONS:
        return _decode_union(get_args(kind), data, where)
    if origin is not None:
        return _decode_container(origin, get_args(kind), data, where)
    if kind is None or kind is type(None):
        return _expect(data, type(None), where)
    if isinstance(kind, type) and issubclass(kind, Enum):
        try:
            return kind(data)
        except ValueError:
            raise CodecError(f"{where}: {data!r} is not a {kind.__name__}") from None
    if kind is float:
        return _decode_float(data, where)
    if kind in {int, str, bool}:
        return _expect(data, kind, where)
    raise CodecError(f"{where}: type {kind!r} cannot be received over the link")


def _expect(data: Json, kind: type, where: str) -> object:
    if type(data) is not kind:
        raise CodecError(f"{where}: expected {kind.__name__}, got {type(data).__name__}")
    return _text(data, where) if isinstance(data, str) else data


def _text(data: str, where: str) -> str:
    """Refuse half characters, which JSON can carry and neither hash nor database can: the audit would fail on them."""
    try:
        data.encode()
    except UnicodeEncodeError:
        raise CodecError(f"{where}: the text is not Unicode") from None
    return data


def _decode_float(data: Json, where: str) -> float:
    if isinstance(data, dict) and len(data) == 1:
        special = _SPECIAL.get(str(data.get(_FLOAT_KEY)))
        if special is not None:
            return special
    if isinstance(data, bool) or not isinstance(data, int | float):
        raise CodecError(f"{where}: expected a number, got {type(data).__name__}")
    try:
        return float(data)
    except OverflowError:
        raise CodecError(f"{where}: number is too large") from None


def _decode_union(options: tuple[Any, ...], data: Json, where: str) -> object:
    for option in options:  # an exact type first, so that 1, 1.0 and True stay what they are
        if option in {int, float, str, bool, type(None)} and type(data) is option:
            return _text(data, where) if isinstance(data, str) else data
    for option in options:
        if option in {int, str, bool, type(None)}:
            continue
        try:
            return _decode(option, data, where)
        except CodecError:
            if len(options) <= 2:
                raise
    raise CodecError(f"{where}: {type(data).__name__} is not allowed here")


def _decode_container(origin: Any, args: tuple[Any, ...], data: Json, where: str) -> object:
    if issubclass(origin, Mapping):
        if not isinstance(data, dict):
            raise CodecError(f"{where}: expected an object, got {type(data).__name__}")
        return {key: _decode(args[1], item, f"{where}.{key}") for key, item in data.items()}
    if not isinstance(data, list):
        raise CodecError(f"{where}: expected a list, got {type(data).__name__}")
    if origin is tuple and args[-1] is not Ellipsis:
        if len(data) != len(args):
            raise CodecError(f"{where}: expected {len(args)} items, got {len(data)}")
        return tuple(_decode(arg, item, f"{where}[{i}]") for i, (arg, item) in enumerate(zip(args, data, strict=True)))
    items = [_decode(args[0], item, f"{where}[{i}]") for i, item in enumerate(data)]
    if origin is tuple:
        return tuple(items)
    if origin is frozenset:
        return frozenset(items)
    if origin in {list, Sequence}:
        return items
    raise CodecError(f"{where}: {origin!r} cannot be received over the link")


def _decode_dataclass(kind: type, data: Json, where: str) -> object:
    if not isinstance(data, dict):
        raise CodecError(f"{where}: expected an object, got {type(data).__name__}")
    arguments: dict[str, object] = {}
    for name, hint, plain in _slots_of(kind):
        if name not in data:
            continue
        item = data[name]
        if type(item) in plain and (type(item) is not str or item.isascii()):
            arguments[name] = item  # most of what there is: no place to name, nothing to judge
        else:
            arguments[name] = _decode(hint, item, f"{where}.{name}")
    missing = _required(kind) - arguments.keys()
    if missing:
        raise CodecError(f"{where}: missing {', '.join(sorted(missing))}")
    return kind(**arguments)


@cache
def _names_of(kind: type) -> tuple[str, ...] | None:
    """Return the fields of a dataclass; None for any other type."""
    return _field_names(kind) if dataclasses.is_dataclass(kind) else None


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


@cache
def _slots_of(kind: type) -> tuple[tuple[str, Any, frozenset[type]], ...]:
    """Return of each field of a dataclass its name, its type, and the types of JSON that are taken as they are."""
    found = []
    for name, hint in _hints(kind).items():
        options = get_args(hint) if get_origin(hint) in _UNIONS else (hint,)
        found.append((name, hint, frozenset(each for each in options if each in _PLAIN)))
    return tuple(found)


@cache
def _item_types(kind: type) -> tuple[Any, ...]:
    return tuple(get_type_hints(kind).values())


@lru_cache(maxsize=1000)  # no more, whatever is sent
def _fits(kind: type, found_types: tuple[type, ...]) -> bool:
    """Tell whether items of just these types are what a named tuple holds as they are, but for what texts may be."""
    wanted = [get_args(want) if get_origin(want) in _UNIONS else (want,) for want in _item_types(kind)]
    return len(found_types) == len(wanted) and all(
        found in _PLAIN and found in want for found, want in zip(found_types, wanted, strict=True)
    )


@cache
def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {name: hints[name] for name in _field_names(kind)}


@cache
def _required(kind: type) -> frozenset[str]:
    return frozenset(
        field.name
        for field in dataclasses.fields(kind)
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    )
