"""Calculated tags: their expressions, the tags these use, and that none depends on itself."""

from collections.abc import Iterator

from app.model.expressions import Calculation, ExpressionError
from app.model.tag import DataType, Tag
from app.project.draft import Draft
from app.project.place import Place
from app.project.references import check_tag

BOTH = "a calculated tag has no connection; allowed: an expression, or connection and address"
NOT_WRITABLE = "a calculated tag cannot be written; allowed: no"
NO_TEXT = "data type string is not calculated; allowed: float, int, bool, enum"


def calculation_problems(
    text: str, data_type: DataType, *, connected: bool, writable: bool
) -> Iterator[tuple[str, str]]:
    """Yield field and problem of a calculated tag, as far as it can be seen without the other tags."""
    try:
        Calculation.parse(text)
    except ExpressionError as error:
        yield "expression", f"'{text}' is not a calculation: {error}"
    if connected:
        yield "expression", BOTH
    if writable:
        yield "writable", NOT_WRITABLE
    if data_type is DataType.STRING:
        yield "data_type", NO_TEXT


def check_calculations(draft: Draft) -> None:
    """Report what expressions use that does not exist, is text, or leads back to the tag itself."""
    used = {tag.name: _names(tag) for tag in draft.tags.values() if tag.expression}
    for name, names in used.items():
        place = draft.origins[name]
        for other in names:
            check_tag(other, "expression", place, draft)
            if other in draft.tags and draft.tags[other].data_type is DataType.STRING:
                place.problem("expression", f"tag '{other}' is text; allowed: float, int, bool, enum")
    _check_circles(used, draft.origins)


def _names(tag: Tag) -> tuple[str, ...]:
    try:
        return tuple(sorted(Calculation.parse(tag.expression).names))
    except ExpressionError:
        return ()  # reported where it was written


def _check_circles(used: dict[str, tuple[str, ...]], origins: dict[str, Place]) -> None:
    """Report each circle once, at the first of its tags; depth first, without recursion: chains may be long."""
    done: set[str] = set()
    for start in used:
        path: list[str] = []
        stack: list[tuple[str, int]] = [(start, 0)]
        while stack:
            name, depth = stack.pop()
            del path[depth:]
            if name in path:
                circle = [*path[path.index(name) :], name]
                origins[circle[0]].problem("expression", f"depends on itself: {' → '.join(circle)}")
                continue
            if name in done or name not in used:
                continue
            done.add(name)
            path.append(name)
            stack += [(other, len(path)) for other in reversed(used[name])]
