"""What a server tells of its values: unit, ranges, texts of enumerations (Part 8), asked for in batches."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from asyncua import ua

from app.model.browsing import Metadata
from connectors.opcua.services import Services

_HAS_PROPERTY: Final = ua.NodeId(ua.ObjectIds.HasProperty)
_PROPERTIES: Final = frozenset(
    {"EURange", "InstrumentRange", "EngineeringUnits", "EnumStrings", "EnumValues", "TrueState", "FalseState"}
)


async def read_metadata(services: Services, nodes: Sequence[Any]) -> list[Metadata]:
    """Return what the server tells of variables; nothing where it tells nothing.

    Raises:
        OSError, UaError: see faults.TROUBLE.

    """
    types = [_value(data) for data in await services.read(nodes, ua.AttributeIds.DataType)]
    own = [each for each in types if isinstance(each, ua.NodeId) and each.NamespaceIndex != 0]
    enumerations = list(dict.fromkeys(own))
    found = await _properties(services, [*nodes, *enumerations])
    of_type = dict(zip(enumerations, found[len(nodes) :], strict=True))
    definitions = await services.read(enumerations, ua.AttributeIds.DataTypeDefinition)
    for properties, definition in zip(of_type.values(), map(_value, definitions), strict=True):
        properties["definition"] = definition
    descriptions = await services.read(nodes, ua.AttributeIds.Description)
    return [
        _metadata(properties, of_type.get(data_type, {}), _text(_value(description)))
        for properties, data_type, description in zip(found, types, descriptions, strict=False)
    ]


async def _properties(services: Services, nodes: Sequence[Any]) -> list[dict[str, Any]]:
    """Return the values of the properties that are wanted, by name, of each node."""
    owners: list[tuple[int, str]] = []
    properties: list[Any] = []
    for number, (_, references) in enumerate(await services.browse(nodes, _HAS_PROPERTY)):
        for each in references:
            if each.BrowseName.Name in _PROPERTIES:
                owners.append((number, each.BrowseName.Name))
                properties.append(ua.NodeId(each.NodeId.Identifier, each.NodeId.NamespaceIndex))
    found: list[dict[str, Any]] = [{} for _ in nodes]
    for (number, name), data in zip(owners, await services.read(properties), strict=True):
        found[number][name] = _value(data)
    return found


def _metadata(properties: dict[str, Any], of_type: dict[str, Any], description: str) -> Metadata:
    low, high = _range(properties.get("EURange"))
    least, most = _range(properties.get("InstrumentRange"))
    unit = properties.get("EngineeringUnits")
    return Metadata(
        unit=_text(unit.DisplayName) if isinstance(unit, ua.EUInformation) else "",
        low=low,
        high=high,
        instrument_low=least,
        instrument_high=most,
        states=tuple(_states(properties) or _states(of_type)),
        description=description,
    )


def _states(properties: dict[str, Any]) -> list[tuple[int, str]]:
    values = properties.get("EnumValues")
    if isinstance(values, list):
        return [(int(each.Value), _text(each.DisplayName)) for each in values if isinstance(each, ua.EnumValueType)]
    definition = properties.get("definition")
    if isinstance(definition, ua.EnumDefinition):
        return [(int(each.Value), _text(each.DisplayName) or each.Name or "") for each in definition.Fields or ()]
    strings = properties.get("EnumStrings")
    if isinstance(strings, list):
        return list(enumerate(map(_text, strings)))
    pair: Iterable[tuple[int, str]] = (
        (0, _text(properties.get("FalseState"))),
        (1, _text(properties.get("TrueState"))),
    )
    return [(number, text) for number, text in pair if text]


def _range(told: object) -> tuple[float | None, float | None]:
    return (float(told.Low), float(told.High)) if isinstance(told, ua.Range) else (None, None)


def _text(told: object) -> str:
    return (told.Text or "") if isinstance(told, ua.LocalizedText) else ""


def _value(data: Any) -> Any:
    return None if data.Value is None else data.Value.Value
