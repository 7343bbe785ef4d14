"""The exceptions of the Modbus protocol: names, statuses, and what they leave open."""

from typing import Final, NamedTuple

from app.model import status as st
from app.model.text import LocalText

_LOOK: Final = LocalText("see the device's own diagnosis", "请查看设备自身的诊断信息")
_MAP: Final = LocalText("correct the address by the device's list of registers", "请按设备的寄存器表更正地址")
_AGAIN: Final = LocalText("it is asked again at the next poll", "下次采集时重新读取")


class _Kind(NamedTuple):
    name: str
    name_zh: str
    status: int
    remedy: LocalText = _LOOK
    decided: bool = True


_KINDS: Final = {
    1: _Kind(
        "illegal function", "非法功能码", st.BAD_NOT_SUPPORTED,
        LocalText(
            "the device does not know this table: take another (hr, ir, co, di)",
            "设备不支持该表：请改用其他表（hr、ir、co、di）",
        ),
    ),
    2: _Kind("illegal data address", "非法数据地址", st.BAD_NODE_ID_UNKNOWN, _MAP),
    3: _Kind("illegal data value", "非法数据值", st.BAD_OUT_OF_RANGE, _MAP),
    4: _Kind("device failure", "设备故障", st.BAD_DEVICE_FAILURE),
    5: _Kind("acknowledge, still working", "已接收，仍在处理", st.BAD_DEVICE_FAILURE, _AGAIN, decided=False),
    6: _Kind("device busy", "设备忙", st.BAD_DEVICE_FAILURE, _AGAIN),
    8: _Kind("memory parity error", "存储器奇偶校验错误", st.BAD_DEVICE_FAILURE),
    10: _Kind(
        "gateway path unavailable", "网关路径不可用", st.BAD_NO_COMMUNICATION,
        LocalText("see the unit in the gateway's configuration", "请检查网关中该从站的配置"),
    ),
    11: _Kind(
        "gateway target failed to respond", "网关目标设备无响应", st.BAD_COMMUNICATION_ERROR,
        LocalText("see power and wiring of the unit behind the gateway", "请检查网关后从站的电源和接线"), decided=False,
    ),
}  # fmt: skip
_UNKNOWN: Final = _Kind("unknown", "未知", st.BAD_DEVICE_FAILURE)


class DeviceRefusal(Exception):
    """The device answered with an exception.

    Attributes:
        code, status: the exception code, and the StatusCode that stands for it.
        name, name_zh: the exception's name.
        remedy: what an engineer can do about it.
        decided: the request was not carried out; False where a gateway cannot tell, or work goes on.

    """

    def __init__(self, code: int) -> None:
        kind = _KINDS.get(code, _UNKNOWN)
        super().__init__(f"the device answered exception {code} ({kind.name})")
        self.code = code
        self.name, self.name_zh, self.status, self.remedy, self.decided = kind
