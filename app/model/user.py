"""Users, roles and sessions."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from app.model.text import LocalText

_CHINESE: Final = {"VIEWER": "浏览", "OPERATOR": "操作员", "SUPERVISOR": "值长", "ENGINEER": "工程师"}


class Role(IntEnum):
    """Roles in order of authority; a higher one may do what a lower one may."""

    VIEWER = 0
    OPERATOR = 1
    SUPERVISOR = 2
    ENGINEER = 3

    @property
    def title(self) -> LocalText:
        """What users call it."""
        return LocalText(self.name.lower(), _CHINESE[self.name])

    @classmethod
    def parse(cls, text: str) -> "Role":
        """Return the role of a name in any case; raises ValueError that lists the allowed ones."""
        try:
            return cls[text.upper()]
        except KeyError:
            allowed = ", ".join(role.name.lower() for role in cls)
            raise ValueError(f"role '{text}' is unknown; allowed: {allowed}") from None


@dataclass(frozen=True, slots=True)
class Session:
    """A logged-in user at a desk. Times are ns since the epoch, UTC."""

    id: str
    user: str
    role: Role
    desk: str
    started_ns: int
    expires_ns: int
