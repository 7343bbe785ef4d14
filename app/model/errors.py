"""The errors of Haihe.

    HaiheError
    ├── EnvironmentProblem      not our fault: shown to the user, may be retried
    │   ├── ProjectError        a mistake in the project folder
    │   │   └── GroupChanged    somebody else saved the trend group meanwhile
    │   ├── LinkError           engine not reachable, or the link was lost
    │   ├── EngineRunningError  another engine serves this project
    │   ├── StoreError          trend store missing, damaged, or of another version
    │   └── DatabaseError       journal or history database away
    │       └── RowsRefused     it works, and refuses these rows as such: the same would fail again
    ├── AccessDenied            login failed or role missing
    └── CommandRefused          see app.model.command (with its reason)

Anything else that is raised is a defect of the program and is logged with its traceback.
"""

from typing import TYPE_CHECKING

from app.model.text import LocalText

if TYPE_CHECKING:
    from app.model.plant import TrendGroup


class HaiheError(Exception):
    """Base of every error that is shown to a user; its text says what happened and what to do.

    Attributes:
        text: the same in the plant's languages; English only where nothing else was given.

    """

    def __init__(self, text: str | LocalText = "") -> None:
        self.text = text if isinstance(text, LocalText) else LocalText(text)
        super().__init__(self.text.en)

    @property
    def line(self) -> str:
        """The text in one line: of a list, the first and where the others are."""
        heading, *others = str(self).splitlines() or [""]
        if not others:
            return heading
        rest = "; 'haihe check' lists them all" if len(others) > 1 else ""
        return f"{heading.rstrip(':')}; the first: {others[0]}{rest}"


class EnvironmentProblem(HaiheError):
    """Something outside the program: a file, network, database or device."""


class ProjectError(EnvironmentProblem):
    """The project folder cannot be used; lists every problem found."""


class GroupChanged(ProjectError):
    """A trend group is not what was opened: somebody else saved it meanwhile.

    Attributes:
        theirs: what is there now; None where it cannot be read.

    """

    def __init__(self, text: str, theirs: "TrendGroup | None") -> None:
        super().__init__(text)
        self.theirs = theirs


class LinkError(EnvironmentProblem):
    """The engine cannot be reached, or the link to it broke."""


class EngineRunningError(EnvironmentProblem):
    """Another engine already serves this project."""


class StoreError(EnvironmentProblem):
    """The trend store is missing, damaged, or of another version."""


class DatabaseError(EnvironmentProblem):
    """The journal or history database cannot be reached."""


class RowsRefused(DatabaseError):
    """The database works and refuses these rows as such: the same would fail again."""


class AccessDenied(HaiheError):
    """Login failed, session expired, or the role does not permit this."""
