"""Templates of equipment types: ``{name}``, ``{param}``, ``{param+4}``. A small parsed grammar; nothing is executed."""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_PIECE: Final = re.compile(
    r"\{\{|\}\}|\{\s*(?P<name>[A-Za-z][A-Za-z0-9_]*)\s*(?:(?P<sign>[+-])\s*(?P<shift>\d{1,9}))?\s*\}|[{}]"
)


class TemplateError(ValueError):
    """A template does not follow its grammar, or a value does not fit it."""

    def __init__(self, message: str, parameter: str = "") -> None:
        super().__init__(message)
        self.parameter = parameter
        """The parameter whose value does not fit; empty where the template itself is wrong."""


@dataclass(frozen=True, slots=True)
class _Hole:
    name: str
    shift: int | None


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed template."""

    pieces: tuple[str | _Hole, ...]

    @classmethod
    @functools.lru_cache(maxsize=4096)
    def parse(cls, text: str) -> "Template":
        """Parse a template.

        Raises:
            TemplateError: a brace stands alone or holds something else.

        """
        pieces: list[str | _Hole] = []
        at = 0
        for match in _PIECE.finditer(text):
            pieces.append(text[at : match.start()])
            at = match.end()
            if match["name"] is not None:
                shift = int(match["sign"] + match["shift"]) if match["shift"] else None
                pieces.append(_Hole(match["name"], shift))
            elif len(match[0]) == 2:
                pieces.append(match[0][0])
            else:
                raise TemplateError(
                    f"'{match[0]}' in '{text}' is not closed or holds something else; "
                    "allowed: {parameter}, {parameter+4}, {parameter-4}, {name}; {{ and }} for braces"
                )
        pieces.append(text[at:])
        return cls(tuple(piece for piece in pieces if piece != ""))

    @property
    def names(self) -> tuple[str, ...]:
        """Parameters used, in order."""
        return tuple(dict.fromkeys(piece.name for piece in self.pieces if isinstance(piece, _Hole)))

    def fill(self, values: Mapping[str, str]) -> str:
        """Return the text with values put in.

        Raises:
            TemplateError: a value is missing, or is shifted without being a whole number.

        """
        return "".join(piece if isinstance(piece, str) else _filled(piece, values) for piece in self.pieces)


def _filled(hole: _Hole, values: Mapping[str, str]) -> str:
    value = values.get(hole.name)
    if value is None:
        raise TemplateError(f"parameter '{hole.name}' has no value", hole.name)
    if hole.shift is None:
        return value
    if re.fullmatch(r"-?\d{1,12}", value) is None:
        raise TemplateError(f"parameter '{hole.name}' is '{value}'; expected a whole number", hole.name)
    return str(int(value) + hole.shift)
