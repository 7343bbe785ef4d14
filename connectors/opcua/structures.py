"""Structures of a server's own types, decoded by the definitions that it tells (DataTypeDefinition, Part 3 and 6).

The library would register such types for the whole process, by an id that another server may use for another type;
here every session has types of its own. They are asked for once, when a value of the type is met.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from asyncua import ua
from asyncua.common.utils import Buffer
from asyncua.ua.ua_binary import extensionobject_from_binary, from_binary, unpack_uatype

from app.model import status as st
from connectors.opcua.services import Services
from connectors.scaling import ValueRefused

_HAS_ENCODING: Final = ua.NodeId(ua.ObjectIds.HasEncoding)
_HAS_SUBTYPE: Final = ua.NodeId(ua.ObjectIds.HasSubtype)
_ENUMERATION: Final = ua.NodeId(ua.ObjectIds.Enumeration)
_STRUCTURE: Final = ua.NodeId(ua.ObjectIds.Structure)
_LAST_BUILT_IN: Final = 25
_MOST_ANCESTORS: Final = 20
_MOST_NESTED: Final = 50
_MALFORMED: Final = (ua.UaError, struct.error, ValueError, IndexError, TypeError, KeyError)


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    kind: Any
    """ua.VariantType, a _Structure, or a structure of the library."""
    rank: int
    is_optional: bool


@dataclass(slots=True)
class _Structure:
    form: Any = ua.StructureType.Structure
    fields: list[_Field] = field(default_factory=list)


class Structures:
    """Types of structures of one server, by the id of their encoding.

    Attributes:
        missing: encodings of values that came and could not be decoded yet.

    """

    def __init__(self) -> None:
        self.missing: set[Any] = set()
        self._by_encoding: dict[Any, _Structure | None] = {}
        self._by_type: dict[Any, Any] = {}

    def forget(self) -> None:
        """Forget all: another server, or one that was configured anew, has others."""
        self.missing.clear()
        self._by_encoding.clear()
        self._by_type.clear()

    def decode(self, raw: Any) -> dict[str, Any]:
        """Return the fields of an ExtensionObject by name; those of nested structures are dictionaries too.

        Raises:
            ValueRefused: BadWaitingForInitialData where its type is to be loaded first, BadNotSupported where the
                server does not tell it, BadTypeMismatch where the value does not follow it.

        """
        encoding = raw.TypeId
        if encoding not in self._by_encoding:
            self.missing.add(encoding)
            raise ValueRefused(st.BAD_WAITING_FOR_INITIAL_DATA, "the type of the structure is being read")
        definition = self._by_encoding[encoding]
        if definition is None:
            raise ValueRefused(st.BAD_NOT_SUPPORTED, "the server does not tell how the structure is laid out")
        try:
            return _decode(definition, Buffer(raw.Body or b""), 0)
        except _MALFORMED as error:
            raise ValueRefused(st.BAD_TYPE_MISMATCH, f"the structure does not follow its type: {error}") from None

    async def load(self, services: Services) -> bool:
        """Read the types that are missing; return whether there were some.

        Raises:
            OSError, UaError: see faults.TROUBLE.

        """
        wanted, self.missing = list(self.missing), set()
        for encoding, (_, types) in zip(
            wanted, await services.browse(wanted, _HAS_ENCODING, ua.BrowseDirection.Inverse), strict=True
        ):
            kind = await self._kind(services, _local(types[0].NodeId)) if types else None
            self._by_encoding[encoding] = kind if isinstance(kind, _Structure) else None
        return bool(wanted)

    async def _kind(self, services: Services, data_type: Any) -> Any:
        """Return how a data type is decoded, or None where the server does not tell."""
        if data_type in self._by_type:
            return self._by_type[data_type]
        if (built_in := _built_in(data_type)) is not None:
            return built_in
        (data,) = await services.read([data_type], ua.AttributeIds.DataTypeDefinition)
        definition = None if data.Value is None else data.Value.Value
        if isinstance(definition, ua.StructureDefinition):
            self._by_type[data_type] = structure = _Structure(definition.StructureType)  # before: it may hold itself
            for each in definition.Fields or ():
                kind = await self._kind(services, each.DataType)
                if kind is None:
                    self._by_type[data_type] = None
                    return None
                structure.fields.append(_subtyped(definition, each, kind))
            return structure
        if isinstance(definition, ua.EnumDefinition):
            kind = ua.VariantType.Int32
        else:
            kind = ua.extension_objects_by_datatype.get(data_type) or await self._inherited(services, data_type)
        self._by_type[data_type] = kind
        return kind

    async def _inherited(self, services: Services, data_type: Any) -> Any:
        """Return the built-in type that a data type is derived from."""
        for _ in range(_MOST_ANCESTORS):
            ((_, parents),) = await services.browse([data_type], _HAS_SUBTYPE, ua.BrowseDirection.Inverse)
            if not parents:
                return None
            data_type = _local(parents[0].NodeId)
            if data_type == _STRUCTURE:
                return None
            if (built_in := _built_in(data_type)) is not None:
                return built_in
        return None


def _built_in(data_type: Any) -> Any:
    if data_type.NamespaceIndex != 0 or not isinstance(data_type.Identifier, int):
        return None
    if data_type == _ENUMERATION:
        return ua.VariantType.Int32
    if data_type == _STRUCTURE:
        return ua.VariantType.ExtensionObject
    if data_type.Identifier in _ABSTRACT_NUMBERS:
        return ua.VariantType.Variant
    return ua.VariantType(data_type.Identifier) if 1 <= data_type.Identifier <= _LAST_BUILT_IN else None


_ABSTRACT_NUMBERS: Final = frozenset({ua.ObjectIds.Number, ua.ObjectIds.Integer, ua.ObjectIds.UInteger})


def _subtyped(definition: Any, each: Any, kind: Any) -> _Field:
    """Return a field; one that may hold subtypes is as open as an ExtensionObject or Variant."""
    by_name = definition.StructureType in {
        ua.StructureType.StructureWithSubtypedValues,
        ua.StructureType.UnionWithSubtypedValues,
    }
    if by_name and each.IsOptional:
        kind = ua.VariantType.Variant if isinstance(kind, ua.VariantType) else ua.VariantType.ExtensionObject
    return _Field(each.Name, kind, each.ValueRank, bool(each.IsOptional) and not by_name)


def _decode(definition: _Structure, data: Any, depth: int) -> dict[str, Any]:
    if depth > _MOST_NESTED:
        raise ValueError("nested too deeply")
    present: Iterable[_Field] = definition.fields
    if definition.form in {ua.StructureType.Union, ua.StructureType.UnionWithSubtypedValues}:
        switch = unpack_uatype(ua.VariantType.UInt32, data)
        present = definition.fields[switch - 1 : switch] if switch else ()
    elif definition.form == ua.StructureType.StructureWithOptionalFields:
        mask = unpack_uatype(ua.VariantType.UInt32, data)
        optional = [each for each in definition.fields if each.is_optional]
        left_out = {each.name for bit, each in enumerate(optional) if not mask >> bit & 1}
        present = [each for each in definition.fields if each.name not in left_out]
    values: dict[str, Any] = {each.name: None for each in definition.fields}
    for each in present:
        values[each.name] = _value(each, data, depth)
    return values


def _value(each: _Field, data: Any, depth: int) -> Any:
    if each.rank < 1:
        return _one(each.kind, data, depth)
    lengths = [_length(data)] if each.rank == 1 else [_length(data) for _ in range(_length(data))]
    return _array(each.kind, data, lengths, depth)


def _array(kind: Any, data: Any, lengths: list[int], depth: int) -> Any:
    if not lengths:
        return _one(kind, data, depth)
    return [_array(kind, data, lengths[1:], depth) for _ in range(lengths[0])]


def _length(data: Any) -> int:
    """Return the length of an array, which no more bytes than there are can hold; none is as an empty one."""
    length = int(unpack_uatype(ua.VariantType.Int32, data))
    if length > len(data):
        raise ValueError(f"an array of {length} elements in {len(data)} bytes")
    return max(0, length)


def _one(kind: Any, data: Any, depth: int) -> Any:
    if isinstance(kind, _Structure):
        return _decode(kind, data, depth + 1)
    if kind is ua.VariantType.ExtensionObject:
        return extensionobject_from_binary(data)
    if isinstance(kind, ua.VariantType):
        value = unpack_uatype(kind, data)
        return value.Value if isinstance(value, ua.Variant) else value
    return from_binary(kind, data)


def _local(node: Any) -> Any:
    """Return the NodeId of an ExpandedNodeId on this server."""
    return ua.NodeId(node.Identifier, node.NamespaceIndex)
