"""Parts of values: elements of arrays and fields of structures, picked out of what the server delivers.

An element is asked for by IndexRange. A server may ignore that and deliver the whole array: what has more than one
element is taken for whole, so an array of one element is never asked for in part.
"""

import dataclasses
from collections.abc import Sequence
from typing import Any

from asyncua import ua

from app.model import status as st
from app.model.opcua_address import Step, path_text
from connectors.opcua.structures import Structures
from connectors.scaling import ValueRefused

Path = tuple[Step, ...]


class Parts:
    """What part of its node's value each item of a connection is.

    Attributes:
        paths: by index; empty: the whole value.
        structures: the types of structures that were met.

    """

    def __init__(self, paths: Sequence[Path], structures: Structures) -> None:
        self.paths = tuple(paths)
        self.structures = structures
        self._in_part: set[int] = set()

    def index_range(self, index: int, whole: object) -> str:
        """Return the IndexRange to ask for of an item, empty for none; ``whole`` is its node's value as it is now."""
        path = self.paths[index]
        self._in_part.discard(index)
        if not path or isinstance(path[0], str) or _is_one(whole) or not isinstance(whole, list):
            return ""
        self._in_part.add(index)
        return ",".join(map(str, path[0]))

    def pick(self, index: int, raw: object) -> object:
        """Return the part that an item is.

        Raises:
            ValueRefused: there is none such, or the structure's type is not known yet.

        """
        for depth, step in enumerate(self.paths[index]):
            if raw is None:
                raise ValueRefused(st.BAD_NO_DATA, "the part has no value")
            if isinstance(step, str):
                raw = self._field(raw, step)
            elif depth == 0 and index in self._in_part and _is_one(raw):
                raw = _only(raw)
            else:
                raw = _element(raw, step)
        return raw

    def _field(self, raw: object, name: str) -> object:
        if isinstance(raw, ua.ExtensionObject):
            raw = self.structures.decode(raw)
        if isinstance(raw, dict):
            fields: dict[str, Any] = raw
        elif dataclasses.is_dataclass(raw) and not isinstance(raw, type):
            fields = {each.name: getattr(raw, each.name) for each in dataclasses.fields(raw)}
        else:
            raise ValueRefused(st.BAD_TYPE_MISMATCH, f"{type(raw).__name__} where a structure is expected")
        if name not in fields:
            known = ", ".join(fields)
            raise ValueRefused(st.BAD_NODE_ID_UNKNOWN, f"the structure has no field {name}; it has {known}")
        return fields[name]


def _element(raw: object, indices: tuple[int, ...]) -> object:
    for number in indices:
        if not isinstance(raw, list):
            raise ValueRefused(st.BAD_TYPE_MISMATCH, "a single value where an array is expected")
        if number >= len(raw):
            raise ValueRefused(
                st.BAD_INDEX_RANGE_NO_DATA,
                f"{path_text((indices,))} is beyond the array, which has {len(raw)} elements",
            )
        raw = raw[number]
    if isinstance(raw, list):
        raise ValueRefused(st.BAD_TYPE_MISMATCH, "the array has more dimensions")
    return raw


def _is_one(raw: object) -> bool:
    """Tell whether an array of any dimensions has one element only."""
    while isinstance(raw, list) and len(raw) == 1:
        raw = raw[0]
    return not isinstance(raw, list)


def _only(raw: object) -> object:
    if not isinstance(raw, list):
        raise ValueRefused(st.BAD_TYPE_MISMATCH, "a single value where an array is expected")
    while isinstance(raw, list):
        raw = raw[0]
    return raw
