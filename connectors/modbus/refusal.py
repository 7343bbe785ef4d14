"""The exceptions of the Modbus protocol: names, statuses, and what they leave open."""

from typing import Final, NamedTuple

from app.model import status as st


class _Kind(NamedTuple):
    name: str
    name_zh: str
    status: int
    decided: bool = True


_KINDS: Final = {
    1: _Kind("illegal function", "非法功能码", st.BAD_NOT_SUPPORTED),
    2: _Kind("illegal data address", "非法数据地址", st.BAD_NODE_ID_UNKNOWN),
    3: _Kind("illegal data value", "非法数据值", st.BAD_OUT_OF_RANGE),
    4: _Kind("device failure", "设备故障", st.BAD_DEVICE_FAILURE),
    5: _Kind("acknowledge, still working", "已接收，仍在处理", st.BAD_DEVICE_FAILURE, decided=False),
    6: _Kind("device busy", "设备忙", st.BAD_DEVICE_FAILURE),
    8: _Kind("memory parity error", "存储器奇偶校验错误", st.BAD_DEVICE_FAILURE),
    10: _Kind("gateway path unavailable", "网关路径不可用", st.BAD_NO_COMMUNICATION),
    11: _Kind("gateway target failed to respond", "网关目标设备无响应", st.BAD_COMMUNICATION_ERROR, decided=False),
}
_UNKNOWN: Final = _Kind("unknown", "未知", st.BAD_DEVICE_FAILURE)


class DeviceRefusal(Exception):
    """The device answered with an exception.

    Attributes:
        code, status: the exception code, and the StatusCode that stands for it.
        name, name_zh: the exception's name.
        decided: the request was not carried out; False where a gateway cannot tell, or work goes on.

    """

    def __init__(self, code: int) -> None:
        kind = _KINDS.get(code, _UNKNOWN)
        super().__init__(f"the device answered exception {code} ({kind.name})")
        self.code = code
        self.name, self.name_zh, self.status, self.decided = kind
