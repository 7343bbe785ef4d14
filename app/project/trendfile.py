"""Trend groups in files: reading those of a desk, writing one whole or not at all. Blocks on the disk."""

import logging
import tomllib
from pathlib import Path
from typing import Any, Final

import tomlkit

from app.model.errors import GroupChanged, ProjectError
from app.model.pen import PenSetting
from app.model.plant import TrendGroup
from app.model.text import LocalText
from app.project.atomic import write_atomically
from app.project.pentable import pen_from_table, table_from_pen

log = logging.getLogger(__name__)
_NO_GROUP: Final = (OSError, ArithmeticError, AttributeError, KeyError, TypeError, ValueError)
"""What reading a file raises that is no group."""


def read_groups(folder: Path) -> dict[str, TrendGroup]:
    """Return the groups of a folder by file name; a file that is none is passed over with a warning."""
    found: dict[str, TrendGroup] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            found[path.stem] = _group(path.stem, path.read_text(encoding="utf-8-sig"))
        except _NO_GROUP as error:
            log.warning("trend group %s cannot be read: %s", path, error)
    return found


def _group(key: str, text: str) -> TrendGroup:
    data = tomllib.loads(text)
    title = LocalText(str(data["title"]), str(data.get("title_zh", "")))
    if not isinstance(data["tags"], list):
        raise TypeError("tags is not a list")
    tags = tuple(str(tag) for tag in data["tags"])
    pens = {tag: pen_from_table(tag, table) for tag, table in data.get("pens", {}).items()}
    return TrendGroup(
        key, title, tags, int(data.get("span_s", 3600)), bool(data.get("shared_axis", False)),
        bool(data.get("stagger", False)), tuple(pens[tag] for tag in tags if tag in pens),
    )  # fmt: skip


def save_group(folder: Path, group: TrendGroup, *, opened: TrendGroup | None = None, over: bool = True) -> None:
    """Write a group into ``folder``, made where it is missing; comments of an older file stay.

    ``over``: whatever is there; else only over what was ``opened`` (None: over nothing). Between looking and renaming
    there are some milliseconds in which another machine's save is not seen.

    Raises:
        GroupChanged: something else than that is there.
        ProjectError: the old file is untouched; also where the group is one that a project could not be loaded with.

    """
    path = folder / f"{group.id}.toml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        former = path.read_text(encoding="utf-8-sig") if path.exists() else None
        document = tomlkit.parse(former) if former is not None else tomlkit.document()
    except (OSError, UnicodeDecodeError, tomlkit.exceptions.TOMLKitError) as error:
        raise ProjectError(f"{path} cannot be saved: {error}") from error
    if former is not None and not over:
        _check_former(path, former, (opened, group))
    document["title"] = group.title.en
    if group.title.zh:
        document["title_zh"] = group.title.zh
    document["span_s"] = group.span_s
    for key, wanted in (("shared_axis", group.shared_axis), ("stagger", group.stagger)):
        if wanted:
            document[key] = True
        else:
            document.pop(key, None)
    pens = document.pop("pens", None)
    tags = tomlkit.array()
    tags.extend(group.tags)
    document["tags"] = tags.multiline(True)
    _put_pens(document, pens, group.pens)
    text = tomlkit.dumps(document)
    _check(path, text)
    write_atomically(path, text)


def _check_former(path: Path, former: str, expected: tuple[TrendGroup | None, ...]) -> None:
    try:
        theirs = _group(path.stem, former)
    except _NO_GROUP:
        theirs = None
    if theirs is None or theirs not in expected:
        raise GroupChanged(f"{path} is not the group that was opened; the file is as it was", theirs)


def _check(path: Path, text: str) -> None:
    """Refuse what loading would: a project with a wrong group starts no engine."""
    from app.project.place import Problems
    from app.project.references import trend_group
    from app.project.tomlfile import TomlFile

    problems = Problems()
    trend_group(path.stem, TomlFile(path.name, tomllib.loads(text), {}, problems))
    if problems.found:
        raise ProjectError(f"{path} cannot be saved: {'; '.join(map(str, problems.ordered()))}; the file is as it was")


def _put_pens(document: tomlkit.TOMLDocument, former: Any, pens: tuple[PenSetting, ...]) -> None:
    """Put the pens behind everything else: keys that followed their tables would belong to these."""
    tables = tomlkit.table(is_super_table=True)
    for pen in pens:
        content = table_from_pen(pen)
        if not content:
            continue
        old = former.get(pen.tag) if isinstance(former, dict) else None
        table = old if isinstance(old, tomlkit.items.Table) else tomlkit.table()
        for key in [key for key in table if key not in content]:
            del table[key]
        for key, value in content.items():
            table[key] = value
        tables[pen.tag] = table
    if tables:
        document["pens"] = tables
