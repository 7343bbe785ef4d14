"""Events of Alarms & Conditions (OPC UA Part 9): which are asked for, and what they say."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from asyncua import ua

from app.model.external_alarm import ExternalCondition, Shelving
from app.model.text import LocalText
from connectors.opcua.nodes import name_of

_BASE: Final = ua.NodeId(ua.ObjectIds.BaseEventType)
_CONDITION: Final = ua.NodeId(ua.ObjectIds.ConditionType)
_ACKNOWLEDGEABLE: Final = ua.NodeId(ua.ObjectIds.AcknowledgeableConditionType)
_ALARM: Final = ua.NodeId(ua.ObjectIds.AlarmConditionType)

_FIELDS: Final[tuple[tuple[Any, str], ...]] = (
    (_CONDITION, ""),  # the condition's own NodeId
    (_BASE, "EventId"),
    (_BASE, "EventType"),
    (_BASE, "SourceNode"),
    (_BASE, "SourceName"),
    (_BASE, "Time"),
    (_BASE, "ReceiveTime"),
    (_BASE, "Message"),
    (_BASE, "Severity"),
    (_CONDITION, "ConditionName"),
    (_CONDITION, "BranchId"),
    (_CONDITION, "Retain"),
    (_CONDITION, "EnabledState/Id"),
    (_CONDITION, "Quality"),
    (_CONDITION, "Comment"),
    (_CONDITION, "ClientUserId"),
    (_ACKNOWLEDGEABLE, "AckedState/Id"),
    (_ACKNOWLEDGEABLE, "ConfirmedState/Id"),
    (_ALARM, "ActiveState/Id"),
    (_ALARM, "ActiveState/TransitionTime"),
    (_ALARM, "SuppressedState/Id"),
    (_ALARM, "OutOfServiceState/Id"),
    (_ALARM, "ShelvingState/CurrentState/Id"),
    (_ALARM, "ShelvingState/UnshelveTime"),
)
FIELDS: Final = tuple(path for _, path in _FIELDS)
"""Paths of the fields in the order of an event's values; the first one, the ConditionId, has none."""

_AT: Final = {path: index for index, path in enumerate(FIELDS)}

REFRESH_START: Final = ua.NodeId(ua.ObjectIds.RefreshStartEventType)
REFRESH_END: Final = ua.NodeId(ua.ObjectIds.RefreshEndEventType)
REFRESH_REQUIRED: Final = ua.NodeId(ua.ObjectIds.RefreshRequiredEventType)
OVERFLOW: Final = ua.NodeId(ua.ObjectIds.EventQueueOverflowEventType)

_SHELVED: Final = {
    ua.NodeId(ua.ObjectIds.ShelvedStateMachineType_TimedShelved): Shelving.TIMED,
    ua.NodeId(ua.ObjectIds.ShelvedStateMachineType_OneShotShelved): Shelving.ONCE,
}


def event_filter(*, where: bool = True) -> Any:
    """Return the EventFilter of conditions and of what concerns their refresh; without ``where``, of all events."""
    chosen = ua.EventFilter()
    chosen.SelectClauses = [_operand(kind, path) for kind, path in _FIELDS]
    if where:
        chosen.WhereClause = _of_types((_CONDITION, REFRESH_START, REFRESH_END, REFRESH_REQUIRED, OVERFLOW))
    return chosen


def event_type(fields: Sequence[Any]) -> Any:
    """Return the NodeId of an event's type, or None where it says none."""
    return _value(fields, "EventType")


def read_condition(fields: Sequence[Any], uris: Sequence[str], receive_ns: int) -> ExternalCondition | None:
    """Return what an event says of a condition; None where it is about none.

    Args:
        fields: values (Variant) of ``FIELDS``; missing ones are taken as null.
        uris: the server's namespaces, by index.
        receive_ns: when it was received; stands for a time that the server does not give.

    """
    condition, event = _value(fields, ""), _value(fields, "EventId")
    if not isinstance(condition, ua.NodeId) or condition.is_null() or not isinstance(event, bytes):
        return None
    branch = _value(fields, "BranchId")
    kind = event_type(fields)
    quality = _value(fields, "Quality")
    severity = _value(fields, "Severity")
    unshelve = _value(fields, "ShelvingState/UnshelveTime")
    comment = _value(fields, "Comment")
    return ExternalCondition(
        condition=name_of(condition, uris),
        event=event.hex(),
        source=_text(_value(fields, "SourceName")),
        message=_local(_value(fields, "Message")),
        severity=min(1000, max(1, severity)) if isinstance(severity, int) else 1,
        time_ns=_time(_value(fields, "Time"), receive_ns),
        receive_ns=receive_ns,
        retained=_value(fields, "Retain") is True,
        branch=name_of(branch, uris) if isinstance(branch, ua.NodeId) and not branch.is_null() else "",
        kind=name_of(kind, uris) if isinstance(kind, ua.NodeId) else "",
        name=_text(_value(fields, "ConditionName")),
        enabled=_value(fields, "EnabledState/Id") is not False,
        active=_flag(_value(fields, "ActiveState/Id")),
        since_ns=_time(_value(fields, "ActiveState/TransitionTime"), 0) or None,
        acked=_flag(_value(fields, "AckedState/Id")),
        confirmed=_flag(_value(fields, "ConfirmedState/Id")),
        suppressed=_value(fields, "SuppressedState/Id") is True,
        out_of_service=_value(fields, "OutOfServiceState/Id") is True,
        shelving=_SHELVED.get(_value(fields, "ShelvingState/CurrentState/Id"), Shelving.NONE),
        unshelve_ms=float(unshelve) if isinstance(unshelve, int | float) and unshelve > 0 else None,
        quality=int(quality.value) if isinstance(quality, ua.StatusCode) else 0,
        comment=_text(comment.Text) if isinstance(comment, ua.LocalizedText) else "",
        user=_text(_value(fields, "ClientUserId")),
    )


def _operand(kind: Any, path: str) -> Any:
    return ua.SimpleAttributeOperand(
        TypeDefinitionId=kind,
        BrowsePath=[ua.QualifiedName(part) for part in path.split("/") if part],
        AttributeId=ua.AttributeIds.Value if path else ua.AttributeIds.NodeId,
    )


def _of_types(kinds: Sequence[Any]) -> Any:
    """Return the condition "of one of these types": a chain of Or, then what it joins."""
    joints = len(kinds) - 1
    elements = []
    for number in range(joints):
        right = number + 1 if number + 1 < joints else joints + len(kinds) - 1
        elements.append(
            ua.ContentFilterElement(
                FilterOperator=ua.FilterOperator.Or,
                FilterOperands=[ua.ElementOperand(Index=joints + number), ua.ElementOperand(Index=right)],
            )
        )
    elements += [
        ua.ContentFilterElement(
            FilterOperator=ua.FilterOperator.OfType,
            FilterOperands=[ua.LiteralOperand(Value=ua.Variant(kind, ua.VariantType.NodeId))],
        )
        for kind in kinds
    ]
    return ua.ContentFilter(Elements=elements)


def _value(fields: Sequence[Any], path: str) -> Any:
    index = _AT[path]
    field = fields[index] if index < len(fields) else None
    return field.Value if isinstance(field, ua.Variant) else None


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _local(value: Any) -> LocalText:
    if not isinstance(value, ua.LocalizedText):
        return LocalText()
    said = _text(value.Text)
    return LocalText("", said) if _text(value.Locale).casefold().startswith("zh") else LocalText(said)


def _time(value: Any, otherwise_ns: int) -> int:
    """Return ns since the epoch; the library's times are UTC and have whole microseconds."""
    if not isinstance(value, datetime) or value.year < 1971:
        return otherwise_ns
    since = value.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return ((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds) * 1000
