"""Small notations within one cell; every parser raises ValueError with what is allowed."""

import math
import re
from dataclasses import dataclass
from typing import Any, Final

from app.model.alarm import AlarmKind, Priority
from app.model.text import LocalText

States = tuple[tuple[int, LocalText], ...]

_PRIORITY_KINDS: Final = {
    kind.value: kind
    for kind in (
        AlarmKind.HIGH_HIGH, AlarmKind.HIGH, AlarmKind.LOW, AlarmKind.LOW_LOW, AlarmKind.DISCRETE,
        AlarmKind.BAD_QUALITY,
    )
}  # fmt: skip
_SHARE: Final = re.compile(r"(\d+(?:\.\d+)?)\s*%")
_STATE: Final = re.compile(r"(-?\d{1,9})\s*=\s*(.+)", re.DOTALL)
_ALARM_STATES: Final = re.compile(r"(-?\d+(?:\s+-?\d+)*)\s*:\s*(\S+)")


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the range of a tag, in percent."""

    percent: float

    def of(self, low: float, high: float) -> float:
        """Return it in engineering units; to twelve digits, as it is shown in lists of changes."""
        return float(f"{self.percent * (high - low) / 100:.12g}")


def parse_deadband(value: Any) -> float | Share:
    """Parse ``0.5`` (engineering units) or ``2 %`` (of the tag's range)."""
    if isinstance(value, str) and (match := _SHARE.fullmatch(value.strip())) and float(match[1]) <= 100:
        return Share(float(match[1]))
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not 0 <= number < math.inf:
        raise ValueError(
            f"'{value}' is not a dead-band; allowed: engineering units such as 0.5, or 0 to 100 % of the range as 2%"
        )
    return number


def parse_expected(value: Any) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """Parse ``1=1 2;2=0`` (a cell) or ``{1 = [1, 2], 2 = [0]}`` (TOML): states by value of the command."""
    if isinstance(value, dict):
        pairs = [(key, states if isinstance(states, list) else [states]) for key, states in value.items()]
    else:
        pieces = [part.partition("=") for part in str(value).split(";") if part.strip()]
        pairs = [(command.strip(), states.split()) for command, _, states in pieces]
    result: dict[int, tuple[int, ...]] = {}
    for command, states in pairs:
        whole = [re.fullmatch(r"-?\d{1,9}", str(each)) for each in (command, *states)]
        if not states or not all(whole):
            raise ValueError(
                f"'{value}' are not states by command; expected command=states as in 1=1 2;2=0, in TOML {{1 = [1, 2]}}"
            )
        if int(command) in result:
            raise ValueError(f"command {command} stands twice; allowed: once")
        result[int(command)] = tuple(int(each) for each in states)
    return tuple(result.items())


def parse_states(value: Any) -> States:
    """Parse ``0=Off/关;1=On/开`` (a cell) or ``{0 = ["Off", "关"]}`` (TOML)."""
    if isinstance(value, dict):
        pairs = [(key, _both(text)) for key, text in value.items()]
    elif isinstance(value, str):
        pairs = []
        for part in filter(None, (piece.strip() for piece in value.split(";"))):
            match = _STATE.fullmatch(part)
            if match is None:
                raise ValueError(
                    f"'{part}' is not a state; expected number=text/中文, joined by ; as in 0=Off/关;1=On/开"
                )
            english, _, chinese = match[2].partition("/")
            pairs.append((match[1], LocalText(english.strip(), chinese.strip())))
    else:
        raise ValueError(f"{value!r} are not states; expected {{0 = ['Off', '关'], 1 = ['On', '开']}}")
    states: dict[int, LocalText] = {}
    for key, text in pairs:
        if re.fullmatch(r"-?\d{1,9}", key) is None:
            raise ValueError(f"state '{key}' is not a whole number")
        if int(key) in states:
            raise ValueError(f"state {key} stands twice; allowed: once")
        states[int(key)] = text
    return tuple(states.items())


def _both(value: Any) -> LocalText:
    if isinstance(value, str):
        return LocalText(value)
    if isinstance(value, list) and 1 <= len(value) <= 2 and all(isinstance(text, str) for text in value):
        return LocalText(*value)
    raise ValueError(f"{value!r} is not the text of a state; expected 'text' or ['text', '中文']")


def parse_priority(text: str) -> Priority:
    """Parse a priority 1 to 4."""
    if text not in {"1", "2", "3", "4"}:
        raise ValueError(f"priority '{text}' is not allowed; allowed: 1 (critical), 2 (high), 3 (medium), 4 (low)")
    return Priority(int(text))


def parse_priorities(text: str) -> dict[AlarmKind, Priority]:
    """Parse ``HH:1 H:2``."""
    result: dict[AlarmKind, Priority] = {}
    for part in text.split():
        kind, colon, priority = part.partition(":")
        if not colon or kind not in _PRIORITY_KINDS:
            raise ValueError(f"'{part}' is not a priority; expected KIND:1 to 4, kinds: {', '.join(_PRIORITY_KINDS)}")
        if _PRIORITY_KINDS[kind] in result:
            raise ValueError(f"{kind} stands twice; allowed: once")
        result[_PRIORITY_KINDS[kind]] = parse_priority(priority)
    return result


def parse_numbers(text: str) -> tuple[int, ...]:
    """Parse ``3 4``."""
    if re.fullmatch(r"-?\d{1,9}(?:\s+-?\d{1,9})*", text.strip()) is None:
        raise ValueError(f"'{text}' are not states; expected numbers with blanks between them, as in 3 4")
    return tuple(dict.fromkeys(int(part) for part in text.split()))


def parse_alarm_states(text: str) -> tuple[tuple[int, ...], Priority]:
    """Parse ``3 4:2``: the states that are an alarm, and its priority."""
    match = _ALARM_STATES.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"'{text}' are not alarm states; expected states:priority as in 1:2 or 3 4:2")
    return tuple(dict.fromkeys(int(part) for part in match[1].split())), parse_priority(match[2])


def parse_parameters(text: str) -> dict[str, str]:
    """Parse ``connection=intake;base=100``."""
    result: dict[str, str] = {}
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        key, equals, value = part.partition("=")
        if not equals or not key.strip():
            raise ValueError(
                f"'{part}' is not a parameter; expected name=value, joined by ; as in connection=intake;base=100"
            )
        if key.strip() in result:
            raise ValueError(f"parameter '{key.strip()}' stands twice; allowed: once")
        result[key.strip()] = value.strip()
    return result
