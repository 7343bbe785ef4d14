"""Trend groups in files: reading those of a desk, writing one whole or not at all. Blocks on the disk."""

import logging
import tomllib
from pathlib import Path

import tomlkit

from app.model.errors import ProjectError
from app.model.plant import TrendGroup
from app.model.text import LocalText
from app.project.atomic import write_atomically

log = logging.getLogger(__name__)


def read_groups(folder: Path) -> dict[str, TrendGroup]:
    """Return the groups of a folder by file name; a file that is none is passed over with a warning."""
    found: dict[str, TrendGroup] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
            title = LocalText(str(data["title"]), str(data.get("title_zh", "")))
            tags = tuple(str(tag) for tag in data["tags"])
            found[path.stem] = TrendGroup(path.stem, title, tags, int(data.get("span_s", 3600)))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
            log.warning("trend group %s cannot be read: %s", path, error)
    return found


def save_group(folder: Path, group: TrendGroup) -> None:
    """Write a group into ``folder``, made where it is missing; comments of an older file stay.

    Raises:
        ProjectError: the old file is untouched.

    """
    path = folder / f"{group.id}.toml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        document = tomlkit.parse(path.read_text(encoding="utf-8")) if path.exists() else tomlkit.document()
    except (OSError, UnicodeDecodeError, tomlkit.exceptions.TOMLKitError) as error:
        raise ProjectError(f"{path} cannot be saved: {error}") from error
    document["title"] = group.title.en
    if group.title.zh:
        document["title_zh"] = group.title.zh
    document["span_s"] = group.span_s
    tags = tomlkit.array()
    tags.extend(group.tags)
    document["tags"] = tags.multiline(True)
    write_atomically(path, tomlkit.dumps(document))
