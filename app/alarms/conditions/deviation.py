"""DEV and DISCREP: two values that should be near one another, or belong together, and do not."""

from collections.abc import Mapping

from app.alarms.conditions.joint import APART, Joint
from app.alarms.conditions.judge import Comparing, good_number_of, number_of
from app.model.alarm import AlarmDefinition, AlarmKind
from app.model.sample import Sample


class Deviation(Comparing):
    """Met while the value is further from the reference than the limit, on either side.

    The limit is a number or the present value of another tag. A discrepancy without limit is met by any difference.
    """

    __slots__ = ("_deadband", "_limit", "_limit_tag", "_number", "_other", "_reference", "joint")

    def __init__(self, definition: AlarmDefinition) -> None:
        self._reference = definition.reference
        self._limit_tag = definition.limit_tag
        self._deadband = definition.deadband
        self._limit = definition.limit
        if self._limit is None and definition.kind is AlarmKind.DISCREPANCY and not self._limit_tag:
            self._limit = 0.0
        self._number: float | None = None
        self._other: float | None = None
        fixed = None if self._limit_tag else self._limit
        self.joint = (
            None
            if fixed is None
            else Joint(definition.tag, self._reference, APART, fixed, self._deadband, only_good=False)
        )

    def note(self, tag: str, sample: Sample) -> None:
        """Take a sample that changes nothing."""
        if tag == self._reference:
            self._other = number_of(sample)
        elif tag == self._limit_tag:
            self._limit = good_number_of(sample)
        else:
            self._number = number_of(sample)

    def again(self, now_ns: int, *, latched: bool) -> bool | None:
        """Judge by the last samples."""
        number, other, limit = self._number, self._other, self._limit
        if number is None or other is None or limit is None:
            return None
        if latched:
            limit -= self._deadband
        return number - other > limit or other - number > limit

    def known(self, tag: str) -> float | None:
        """Return the value, the reference or the limit."""
        return {self._reference: self._other, self._limit_tag: self._limit}.get(tag, self._number)


class Discrepancy(Comparing):
    """Met while the feedback is none of the states that the command asks for; a command not named asks for nothing."""

    __slots__ = ("_command", "_expected", "_feedback", "_reference")

    def __init__(self, definition: AlarmDefinition) -> None:
        self._reference = definition.reference
        self._expected: Mapping[float, tuple[int, ...]] = dict(definition.expected)
        self._feedback: float | None = None
        self._command: float | None = None

    def note(self, tag: str, sample: Sample) -> None:
        """Take a sample that changes nothing."""
        if tag == self._reference:
            self._command = number_of(sample)
        else:
            self._feedback = number_of(sample)

    def again(self, now_ns: int, *, latched: bool) -> bool | None:
        """Judge by the last samples."""
        if self._command is None or self._feedback is None:
            return None
        wanted = self._expected.get(self._command)
        return wanted is not None and self._feedback not in wanted

    def known(self, tag: str) -> float | None:
        """Return command or feedback."""
        return self._command if tag == self._reference else self._feedback
