"""Whether a line is whole, and if not, why, in the operator's words."""

from collections.abc import Collection, Mapping, Sequence

from app.model.connection import ConnectionState
from app.model.tag import Tag
from app.model.text import LocalText
from connectors.modbus.plan import Block
from connectors.modbus.refusal import DeviceRefusal

Verdict = tuple[ConnectionState, LocalText]
WHOLE: Verdict = (ConnectionState.CONNECTED, LocalText())


def judge(
    tags: Sequence[Tag],
    silent: Sequence[int],
    illegal: Mapping[int, DeviceRefusal],
    failing: Mapping[Block, DeviceRefusal],
    unusable: Collection[int],
) -> Verdict:
    """Return state and reason of a line that answers.

    Args:
        tags: those of the connection.
        silent: units that rest.
        illegal: why the device does not have the addresses of some tags, by their index.
        failing: blocks that the device refused otherwise.
        unusable: indices of tags that are never asked for.

    """
    if silent:
        units = ", ".join(map(str, silent))
        return _degraded(
            f"no answer from unit {units}: see its power and wiring, and that its number is right",
            f"从站 {units} 无应答：请检查其电源、接线和站号",
        )
    if illegal:
        index = min(illegal)
        first, error = tags[index], illegal[index]
        count, what = len(illegal), f"{first.name} ({first.address})"
        return _degraded(
            f"{count} addresses refused, first {what}: {error.name}; {error.remedy.en}",
            f"{count} 个地址被拒绝，首个为 {what}：{error.name_zh}；{error.remedy.zh}",
        )
    if failing:
        block, error = next(iter(failing.items()))
        where = f"{block.span.unit}/{block.span.table}{block.span.start}"
        return _degraded(
            f"{where}: {error}; {error.remedy.en}",
            f"{where}：设备返回异常 {error.code}（{error.name_zh}）；{error.remedy.zh}",
        )
    if unusable:
        first = tags[min(unusable)]
        return _degraded(
            f"{len(unusable)} tags cannot be read, first {first.name}: its address is invalid, forbidden or too long; "
            "correct it in the project, as haihe check says",
            f"{len(unusable)} 个位号无法读取，首个为 {first.name}：地址无效、不允许读取或过长；"
            "请按 haihe check 的提示更正工程",
        )
    return WHOLE


def _degraded(en: str, zh: str) -> Verdict:
    return ConnectionState.DEGRADED, LocalText(en, zh)
