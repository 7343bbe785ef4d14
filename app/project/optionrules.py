"""What the value of one option of a connection may be."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.project.modbusreads import BLOCK


@dataclass(frozen=True, slots=True)
class Range:
    """A number from low to high; ``whole`` for integers."""

    low: float
    high: float
    whole: bool = False

    def error(self, value: Any) -> str:
        """Return what is wrong with a value; empty where it is allowed."""
        right = isinstance(value, int) or (isinstance(value, float) and not self.whole and math.isfinite(value))
        if isinstance(value, bool) or not right or not self.low <= value <= self.high:
            kind = "a whole number" if self.whole else "a number"
            return f"{value!r} is not allowed; allowed: {kind} from {self.low:g} to {self.high:g}"
        return ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some texts."""

    allowed: tuple[str, ...]

    def error(self, value: Any) -> str:
        """Return what is wrong with a value; empty where it is allowed."""
        return "" if value in self.allowed else f"{value!r} is not allowed; allowed: {', '.join(self.allowed)}"


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""

    def error(self, value: Any) -> str:
        """Return what is wrong with a value; empty where it is allowed."""
        return "" if isinstance(value, bool) else f"{value!r} is not allowed; allowed: true, false"


@dataclass(frozen=True, slots=True)
class Parsed:
    """A text that a function takes; its ValueError says what is wrong."""

    parse: Callable[[str], object]

    def error(self, value: Any) -> str:
        """Return what is wrong with a value; empty where it is allowed."""
        if not isinstance(value, str):
            return f"{value!r} is not text"
        try:
            self.parse(value)
        except ValueError as error:
            return str(error)
        return ""


@dataclass(frozen=True, slots=True)
class Blocks:
    """Blocks of registers such as ``hr100-109 2/ir7``: table, first and last offset, unit before a slash."""

    def error(self, value: Any) -> str:
        """Return what is wrong with a value; empty where it is allowed."""
        if not isinstance(value, str):
            return f"{value!r} is not text; allowed: blocks such as 'hr100-109 ir7'"
        for part in _parts(value):
            match = BLOCK.fullmatch(part)
            if match is None or not int(match[3]) <= int(match[4] or match[3]) <= 65535:
                return f"'{part}' is not a block of registers; allowed: table and offsets such as hr100-109 or 2/ir7"
        return ""


@dataclass(frozen=True, slots=True)
class ScanClasses:
    """Terms of tags by scan period such as ``100/200/10``: scan_ms, publishing_ms, queue_size."""

    def error(self, value: Any) -> str:
        """Return what is wrong with a value; empty where it is allowed."""
        example = "scan_ms/publishing_ms/queue_size such as 100/200/10 1000/500/10"
        if not isinstance(value, str):
            return f"{value!r} is not text; allowed: {example}"
        for part in _parts(value):
            match = re.fullmatch(r"\d{1,7}/(\d{1,5})/(\d{1,5})", part)
            if match is None or not 10 <= int(match[1]) <= 60_000 or not 2 <= int(match[2]) <= 10_000:
                return f"'{part}' is no scan class; allowed: {example}"
        return ""


@dataclass(frozen=True, slots=True)
class Name:
    """A text that fits a pattern; ``words`` says which."""

    pattern: str
    words: str

    def error(self, value: Any) -> str:
        """Return what is wrong with a value; empty where it is allowed."""
        right = isinstance(value, str) and re.fullmatch(self.pattern, value) is not None
        return "" if right else f"{value!r} is not allowed; allowed: {self.words}"


@dataclass(frozen=True, slots=True)
class UnitLimits:
    """Limits of single units such as ``3:40 7:60``: unit, then the limit, up to ``most``."""

    most: int

    def error(self, value: Any) -> str:
        """Return what is wrong with a value; empty where it is allowed."""
        if not isinstance(value, str):
            return f"{value!r} is not text; allowed: units and their limits such as '3:40 7:60'"
        for part in _parts(value):
            match = re.fullmatch(r"(\d{1,3}):(\d{1,4})", part)
            if match is None or int(match[1]) > 255 or not 1 <= int(match[2]) <= self.most:
                return f"'{part}' is not a unit and its limit; allowed: such as 3:40, limits from 1 to {self.most}"
        return ""


@dataclass(frozen=True, slots=True)
class Some:
    """Some of these words, with blanks or commas between them."""

    allowed: tuple[str, ...]

    def error(self, value: Any) -> str:
        """Return what is wrong with a value; empty where it is allowed."""
        wrong = (
            [part for part in _parts(value) if part not in self.allowed] if isinstance(value, str) else [repr(value)]
        )
        return f"{wrong[0]} is not allowed; allowed: some of '{' '.join(self.allowed)}'" if wrong else ""


@dataclass(frozen=True, slots=True)
class File:
    """A file beside the project: a relative path that stays in its folder (see app.project.keyfiles)."""

    def error(self, value: Any) -> str:
        """Return what is wrong with a value; empty where it is allowed."""
        right = isinstance(value, str) and value and not is_outside(value)
        return "" if right else f"{value!r} is not allowed; allowed: a relative path in the project or state folder"


def is_outside(path: str) -> bool:
    """Tell whether a path leaves the folder that it is relative to, on any system."""
    parts = re.split(r"[/\\]", path)
    return parts[0] in {"", "~"} or ":" in parts[0] or ".." in parts


def _parts(listed: str) -> list[str]:
    return [part for part in re.split(r"[,\s]+", listed) if part]


Rule = Range | Choice | Flag | Blocks | ScanClasses | Name | UnitLimits | Some | File | Parsed
