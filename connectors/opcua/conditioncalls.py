"""What operators ask of a server's conditions: acknowledge, confirm, comment, shelve; and its refusals in words."""

from collections.abc import Sequence
from typing import Any, Final

from asyncua import ua

from app.model import status as st
from app.model.alarm_action import AlarmAction
from app.model.external_alarm import AlarmCall, AlarmCallResult
from app.model.text import LocalText
from connectors.opcua.faults import TROUBLE, fault, fault_status, is_decided
from connectors.opcua.nodes import node_of
from connectors.opcua.services import Services

_METHODS: Final = {
    AlarmAction.ACKNOWLEDGE: ua.ObjectIds.AcknowledgeableConditionType_Acknowledge,
    AlarmAction.CONFIRM: ua.ObjectIds.AcknowledgeableConditionType_Confirm,
    AlarmAction.COMMENT: ua.ObjectIds.ConditionType_AddComment,
    AlarmAction.SHELVE: ua.ObjectIds.ShelvedStateMachineType_TimedShelve,
    AlarmAction.SHELVE_ONCE: ua.ObjectIds.ShelvedStateMachineType_OneShotShelve,
    AlarmAction.UNSHELVE: ua.ObjectIds.ShelvedStateMachineType_Unshelve,
}
_SHELVING: Final = {
    AlarmAction.SHELVE: "TimedShelve",
    AlarmAction.SHELVE_ONCE: "OneShotShelve",
    AlarmAction.UNSHELVE: "Unshelve",
}

_WORDS: Final = {
    int(code): LocalText(en, zh)
    for code, en, zh in (
        (ua.StatusCodes.BadEventIdUnknown, "its state has changed meanwhile; look again", "状态已改变，请重新查看"),
        (ua.StatusCodes.BadConditionBranchAlreadyAcked, "it is already acknowledged", "已被确认"),
        (ua.StatusCodes.BadConditionBranchAlreadyConfirmed, "it is already confirmed", "已被核实"),
        (ua.StatusCodes.BadConditionAlreadyShelved, "it is already shelved", "已被搁置"),
        (ua.StatusCodes.BadConditionNotShelved, "it is not shelved", "未被搁置"),
        (ua.StatusCodes.BadShelvingTimeOutOfRange, "it may not be shelved for so long", "搁置时间超出允许范围"),
        (ua.StatusCodes.BadConditionDisabled, "it is disabled", "已被禁用"),
        (ua.StatusCodes.BadConditionAlreadyDisabled, "it is already disabled", "已被禁用"),
        (ua.StatusCodes.BadUserAccessDenied, "the server allows it to other users only", "服务器不允许该用户执行"),
        (ua.StatusCodes.BadMethodInvalid, "the server does not offer this for it", "服务器不支持该操作"),
        (ua.StatusCodes.BadNotSupported, "the server does not offer this for it", "服务器不支持该操作"),
        (ua.StatusCodes.BadNotImplemented, "the server does not offer this for it", "服务器不支持该操作"),
        (ua.StatusCodes.BadNotExecutable, "it cannot be done now", "当前无法执行"),
        (ua.StatusCodes.BadNodeIdUnknown, "the server does not know it any more", "服务器中已不存在该报警"),
        (ua.StatusCodes.BadNodeIdInvalid, "the server does not know it any more", "服务器中已不存在该报警"),
    )
}


async def call_condition(services: Services, uris: Sequence[str], call: AlarmCall) -> AlarmCallResult:
    """Ask a server once for something about one of its conditions; its own StatusCode is the answer.

    Args:
        services: of a session that is open.
        uris: the server's namespaces, by index.
        call: the condition as ``conditions.name_of`` names it.

    """
    sent = False
    try:
        target, method = node_of(call.condition, uris), ua.NodeId(_METHODS[call.action])
        if call.action.is_shelving:
            # The methods belong to the state machine; a server that shows none takes the condition.
            machine, own = await services.below(target, "ShelvingState", f"ShelvingState/{_SHELVING[call.action]}")
            target, method = machine or target, own or method
        sent = True
        status = await services.call(target, method, _arguments(call))
    except ValueError as error:
        return AlarmCallResult(st.BAD_NODE_ID_UNKNOWN, message=LocalText(str(error)))
    except TROUBLE as error:
        status = fault_status(error)
        if isinstance(error, ua.UaStatusCodeError):
            return AlarmCallResult(status, is_decided(status) or not sent, refusal(status))
        return AlarmCallResult(status, not sent, fault(error))
    return AlarmCallResult(status, is_decided(status), LocalText() if st.is_good(status) else refusal(status))


def refusal(status: int) -> LocalText:
    """Return a refusal in words, with the name of the StatusCode."""
    name = ua.StatusCode(ua.UInt32(status)).name
    words = _WORDS.get(status & 0xFFFF0000)
    if words is None:
        return LocalText(f"the server answered {name}", f"服务器返回 {name}")
    return LocalText(f"{words.en} ({name})", f"{words.zh}（{name}）")


def _arguments(call: AlarmCall) -> list[Any]:
    if call.action is AlarmAction.SHELVE:
        return [ua.Variant(call.duration_ms, ua.VariantType.Double)]
    if call.action.is_shelving:
        return []
    return [
        ua.Variant(bytes.fromhex(call.event), ua.VariantType.ByteString),
        ua.Variant(ua.LocalizedText(call.comment), ua.VariantType.LocalizedText),
    ]
