"""The last plant that loaded without a mistake, kept as JSON, so that starting again does not check it again.

Kept in the state folder and keyed by name, size and times of every file of the project and of the program's own
loader: whatever changes, the project is read anew. A cache that cannot be read or written is as good as none.
"""

import functools
import hashlib
import json
import logging
import os
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Final, TypeAlias

import app.model
from app.model.errors import ProjectError
from app.model.plant import Plant
from app.project.atomic import write_atomically
from app.project.state import cache_folder

_LOG = logging.getLogger(__name__)
_PATTERNS: Final = (
    "plant.toml",
    "tags.csv",
    "equipment.csv",
    "alarms.csv",
    "types/*.toml",
    "trends/*.toml",
    "displays/*.svg",
)
Decoder: TypeAlias = Callable[[Any], Any] | None
"""Turns a JSON value into the model's; None where it is the same."""


def fingerprint(folder: Path) -> str:
    """Return a text that differs when any file of the project, or the loader, may have changed; empty: unknown."""
    digest = hashlib.sha256(str(folder.absolute()).encode())
    paths = [path for pattern in _PATTERNS for path in sorted(folder.glob(pattern))]
    for code in (Path(__file__).parent, *map(Path, app.model.__path__)):
        paths += sorted(code.rglob("*.py"))
    for path in paths:
        try:
            stat = path.stat()
        except OSError:
            return ""
        key = (str(path), stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)
        digest.update(repr(key).encode())
    return digest.hexdigest()


def load(folder: Path, key: str) -> Plant | None:
    """Return the plant kept under this fingerprint, or None."""
    try:
        data = json.loads(_path(folder).read_bytes())
        if data["key"] != key:
            return None
        plant: Plant = _decode_plant(data["plant"], folder)
    except FileNotFoundError:
        return None
    except (OSError, ProjectError, ValueError, KeyError, TypeError, AttributeError) as error:
        _LOG.info("the kept project is not usable, reading it anew: %s", error)
        return None
    return plant


def store(folder: Path, key: str, plant: Plant) -> None:
    """Keep a plant; where that fails the next start is slower, and nothing else happens."""
    try:
        text = json.dumps({"key": key, "plant": plant}, default=_encode, ensure_ascii=False, separators=(",", ":"))
        write_atomically(_path(folder), text, durable=False)
    except (OSError, ProjectError, TypeError) as error:
        _LOG.info("the project cannot be kept for a faster start: %s", error)


def _path(folder: Path) -> Path:
    name = hashlib.sha256(os.fsencode(folder.absolute())).hexdigest()[:16]
    return cache_folder() / f"{name}.json"


def _encode(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _decode_plant(data: Any, folder: Path) -> Any:
    decode = _decoder(Plant)
    return decode({**data, "folder": str(folder)}) if decode else data


@functools.cache
def _decoder(hint: Any) -> Decoder:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if isinstance(hint, type) and is_dataclass(hint):
        return _dataclass(hint)
    if isinstance(hint, type) and issubclass(hint, Enum | Path):
        return hint
    if origin in {typing.Union, types.UnionType}:
        inner = [found for item in arguments if item is not types.NoneType and (found := _decoder(item))]
        return _optional(inner[0]) if inner else None
    if origin is tuple and arguments[-1] is Ellipsis:
        return _sequence(_decoder(arguments[0]))
    if origin is tuple:
        return _fixed([_decoder(item) for item in arguments])
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping(_decoder(arguments[1]))
    return None


def _dataclass(kind: type) -> Decoder:
    hints = typing.get_type_hints(kind)
    decoders = [(field.name, found) for field in fields(kind) if (found := _decoder(hints[field.name]))]

    def decode(data: dict[str, Any]) -> Any:
        for name, convert in decoders:
            data[name] = convert(data[name])
        return kind(**data)

    return decode


def _optional(inner: Callable[[Any], Any]) -> Decoder:
    return lambda value: None if value is None else inner(value)


def _sequence(inner: Decoder) -> Decoder:
    return tuple if inner is None else lambda values: tuple(map(inner, values))


def _fixed(inner: list[Decoder]) -> Decoder:
    return lambda values: tuple(
        value if convert is None else convert(value) for convert, value in zip(inner, values, strict=True)
    )


def _mapping(inner: Decoder) -> Decoder:
    return None if inner is None else lambda data: {key: inner(value) for key, value in data.items()}
