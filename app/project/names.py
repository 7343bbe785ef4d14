"""What names may look like."""

import re
from typing import Annotated, Final

from pydantic import AfterValidator

TAG_RULE: Final = "allowed: letters, digits and _ in parts joined by dots, a letter first, at most 64"
ID_RULE: Final = "allowed: a letter, then letters, digits, _ or -, at most 32"
MEMBER_RULE: Final = "allowed: a letter, then letters, digits or _, at most 32"

_TAG: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*")
_ID: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,31}")
_MEMBER: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}")
_RESERVED: Final = frozenset({"and", "or", "not", "true", "false"})


def check_tag_name(text: str) -> str:
    """Return the name of a tag or equipment; raises ValueError with what is allowed."""
    if len(text) > 64 or _TAG.fullmatch(text) is None or text in _RESERVED:
        raise ValueError(f"'{text}' is not a name; {TAG_RULE}")
    return text


def check_id(text: str) -> str:
    """Return an id; raises ValueError with what is allowed."""
    if _ID.fullmatch(text) is None:
        raise ValueError(f"'{text}' is not an id; {ID_RULE}")
    return text


def check_member(text: str) -> str:
    """Return the name of a member, command, interlock or parameter; raises ValueError with what is allowed."""
    if _MEMBER.fullmatch(text) is None:
        raise ValueError(f"'{text}' is not a name; {MEMBER_RULE}")
    return text


TagName = Annotated[str, AfterValidator(check_tag_name)]
Id = Annotated[str, AfterValidator(check_id)]
