"""TOML files with the line of every key, so that a mistake can be pointed at."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

from app.project.place import Problems
from app.project.textfile import read_text, relative_name

Path_: TypeAlias = tuple[str | int, ...]
"""Keys and list positions from the root of the document."""

_HEADER: Final = re.compile(r"\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(?:#.*)?$")
_PART: Final = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*""")
_ERROR: Final = re.compile(r"^(?P<text>.*?) \(at (?:line (?P<line>\d+), column \d+|end of document)\)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class TomlFile:
    """A parsed file."""

    name: str
    data: dict[str, Any]
    lines: dict[Path_, int]
    problems: Problems

    def place(self, *path: str | int) -> "TablePlace":
        """Return the place of a table."""
        return TablePlace(self, path)

    def line(self, path: Path_) -> int | None:
        """Return the line of a key, or that of the nearest table around it."""
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path[:-1]
        return 1 if self.lines else None


@dataclass(frozen=True, slots=True)
class TablePlace:
    """A table of a TOML file."""

    file: TomlFile
    path: Path_

    def problem(self, field: str, message: str) -> None:
        """Report a mistake in a key (dotted below the table)."""
        path = self.path
        for part in field.split(".") if field else ():
            path = (*path, int(part)) if part.isdigit() and (*path, int(part)) in self.file.lines else (*path, part)
        self.file.problems.add(self.file.name, self.file.line(path), self._dotted(field), message)

    def describe(self) -> str:
        """Return ``file:line``."""
        return f"{self.file.name}:{self.file.line(self.path)}"

    def _dotted(self, field: str) -> str:
        names = [str(part) for part in self.path if isinstance(part, str)]
        return ".".join([*names, field] if field else names)


def read_toml(path: Path, folder: Path, problems: Problems) -> TomlFile | None:
    """Read and parse a file; None with a problem reported where it cannot be used."""
    text = read_text(path, folder, problems)
    if text is None:
        return None
    name = relative_name(path, folder)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = _ERROR.match(str(error))
        line = int(match["line"]) if match and match["line"] else text.count("\n") + 1
        problems.add(name, line, "", f"not valid TOML: {match['text'] if match else error}")
        return None
    return TomlFile(name, data, _index(text), problems)


def _index(text: str) -> dict[Path_, int]:
    """Map every key of a valid document to its line; keys within inline tables have the line of the outer key."""
    lines: dict[Path_, int] = {}
    counts: dict[Path_, int] = {}
    table: Path_ = ()
    scanner = _ValueScanner()
    for number, line in enumerate(text.split("\n"), start=1):
        if scanner.open:
            scanner.feed(line)
            continue
        if line.lstrip().startswith("["):
            header = _HEADER.match(line)
            if header is not None:
                table = _enter(_parts(header[2])[0], header[1] == "[[", counts)
                lines.setdefault(table, number)
            continue
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        parts, end = _parts(line)
        for length in range(1, len(parts) + 1):
            lines.setdefault((*table, *parts[:length]), number)
        scanner.feed(line[end:])
    return lines


def _enter(parts: list[str], is_array: bool, counts: dict[Path_, int]) -> Path_:
    path: Path_ = ()
    for position, part in enumerate(parts):
        path = (*path, part)
        last = position == len(parts) - 1
        if last and is_array:
            counts[path] = counts.get(path, 0) + 1
        if path in counts:
            path = (*path, counts[path] - 1)
    return path


def _parts(text: str) -> tuple[list[str], int]:
    parts: list[str] = []
    at = 0
    while (match := _PART.match(text, at)) is not None:
        parts.append(next(group for group in match.groups() if group is not None))
        at = match.end()
        if not text.startswith(".", at):
            break
        at += 1
    return parts, at


class _ValueScanner:
    """Follows a value over lines: whether brackets or a multi-line string are still open."""

    _TOKEN: Final = re.compile(r'"""|\'\'\'|"(?:[^"\\]|\\.)*"|\'[^\']*\'|[\[\]{}#]')

    def __init__(self) -> None:
        self._depth = 0
        self._quote = ""

    @property
    def open(self) -> bool:
        return self._depth > 0 or bool(self._quote)

    def feed(self, line: str) -> None:
        at = 0
        while True:
            if self._quote:
                end = line.find(self._quote, at)
                if end < 0:
                    return
                self._quote, at = "", end + 3
            match = self._TOKEN.search(line, at)
            if match is None or match[0] == "#":
                return
            at = match.end()
            if match[0] in {'"""', "'''"}:
                self._quote = match[0]
            elif match[0] in "[{":
                self._depth += 1
            elif match[0] in "]}":
                self._depth -= 1
