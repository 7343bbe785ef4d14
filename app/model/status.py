"""Quality of a value as an OPC UA StatusCode (uint32), used for every protocol.

The two top bits are the severity: 00 good, 01 uncertain, 10 bad (OPC UA Part 4, 7.39). The code is kept
raw; nothing is lost by mapping it. "Stale" is a set of codes that say "this was the last known value".
"""

from enum import IntEnum
from typing import Final

GOOD: Final = 0x00000000
GOOD_CLAMPED: Final = 0x00300000
GOOD_LOCAL_OVERRIDE: Final = 0x00960000
UNCERTAIN: Final = 0x40000000
UNCERTAIN_NO_COMMUNICATION_LAST_USABLE: Final = 0x408F0000
UNCERTAIN_LAST_USABLE: Final = 0x40900000
UNCERTAIN_SUBSTITUTE: Final = 0x40910000
UNCERTAIN_INITIAL: Final = 0x40920000
UNCERTAIN_SENSOR_NOT_ACCURATE: Final = 0x40930000
UNCERTAIN_UNITS_EXCEEDED: Final = 0x40940000
UNCERTAIN_DATA_SUB_NORMAL: Final = 0x40A40000
BAD: Final = 0x80000000
BAD_COMMUNICATION_ERROR: Final = 0x80050000
BAD_TIMEOUT: Final = 0x800A0000
BAD_NO_COMMUNICATION: Final = 0x80310000
BAD_WAITING_FOR_INITIAL_DATA: Final = 0x80320000
BAD_NODE_ID_UNKNOWN: Final = 0x80340000
BAD_INDEX_RANGE_INVALID: Final = 0x80360000
BAD_INDEX_RANGE_NO_DATA: Final = 0x80370000
BAD_OUT_OF_RANGE: Final = 0x803C0000
BAD_NOT_WRITABLE: Final = 0x803B0000
BAD_NOT_SUPPORTED: Final = 0x803D0000
BAD_TYPE_MISMATCH: Final = 0x80740000
BAD_CONFIGURATION_ERROR: Final = 0x80890000
BAD_NOT_CONNECTED: Final = 0x808A0000
BAD_DEVICE_FAILURE: Final = 0x808B0000
BAD_SENSOR_FAILURE: Final = 0x808C0000
BAD_OUT_OF_SERVICE: Final = 0x808D0000
BAD_NO_DATA: Final = 0x809B0000

OVERFLOW_BITS: Final = 0x00000480
LOW_LIMITED: Final = 0x00000500
HIGH_LIMITED: Final = 0x00000600
"""Bits of a good status: the value stands at its limit, what was measured lies beyond (OPC UA Part 4, 7.39.1)."""
"""InfoType=DataValue with the Overflow bit: the server's queue lost values before this one."""
SEMANTICS_CHANGED: Final = 0x00004000
"""Range, unit or texts of the value are others than before (Part 4, 7.39)."""


class Severity(IntEnum):
    """Severity of a status; ordered, so that ``max`` gives the worst."""

    GOOD = 0
    UNCERTAIN = 1
    BAD = 2


_NAMES: Final[dict[int, str]] = {
    GOOD: "Good",
    GOOD_CLAMPED: "GoodClamped",
    GOOD_LOCAL_OVERRIDE: "GoodLocalOverride",
    UNCERTAIN: "Uncertain",
    UNCERTAIN_NO_COMMUNICATION_LAST_USABLE: "UncertainNoCommunicationLastUsableValue",
    UNCERTAIN_LAST_USABLE: "UncertainLastUsableValue",
    UNCERTAIN_SUBSTITUTE: "UncertainSubstituteValue",
    UNCERTAIN_INITIAL: "UncertainInitialValue",
    UNCERTAIN_SENSOR_NOT_ACCURATE: "UncertainSensorNotAccurate",
    UNCERTAIN_UNITS_EXCEEDED: "UncertainEngineeringUnitsExceeded",
    UNCERTAIN_DATA_SUB_NORMAL: "UncertainDataSubNormal",
    BAD: "Bad",
    BAD_COMMUNICATION_ERROR: "BadCommunicationError",
    BAD_TIMEOUT: "BadTimeout",
    BAD_NO_COMMUNICATION: "BadNoCommunication",
    BAD_WAITING_FOR_INITIAL_DATA: "BadWaitingForInitialData",
    BAD_NODE_ID_UNKNOWN: "BadNodeIdUnknown",
    BAD_INDEX_RANGE_INVALID: "BadIndexRangeInvalid",
    BAD_INDEX_RANGE_NO_DATA: "BadIndexRangeNoData",
    BAD_OUT_OF_RANGE: "BadOutOfRange",
    BAD_NOT_WRITABLE: "BadNotWritable",
    BAD_NOT_SUPPORTED: "BadNotSupported",
    BAD_TYPE_MISMATCH: "BadTypeMismatch",
    BAD_CONFIGURATION_ERROR: "BadConfigurationError",
    BAD_NOT_CONNECTED: "BadNotConnected",
    BAD_DEVICE_FAILURE: "BadDeviceFailure",
    BAD_SENSOR_FAILURE: "BadSensorFailure",
    BAD_OUT_OF_SERVICE: "BadOutOfService",
    BAD_NO_DATA: "BadNoData",
}

_STALE: Final = frozenset(
    {
        UNCERTAIN_NO_COMMUNICATION_LAST_USABLE,
        UNCERTAIN_LAST_USABLE,
        BAD_COMMUNICATION_ERROR,
        BAD_TIMEOUT,
        BAD_NO_COMMUNICATION,
        BAD_NOT_CONNECTED,
    }
)
COMMUNICATION: Final = _STALE | {BAD_WAITING_FOR_INITIAL_DATA}
"""Codes that were given by this side of the link: no data yet, or none any more."""


def severity(status: int) -> Severity:
    """Return the severity held in the two top bits of a StatusCode."""
    top = (status >> 30) & 0b11
    return Severity(min(top, 2))


def is_good(status: int) -> bool:
    """Tell whether the status is good (its two top bits are 00)."""
    return status < UNCERTAIN


def is_bad(status: int) -> bool:
    """Tell whether the status is bad."""
    return status >= BAD


def is_stale(status: int) -> bool:
    """Tell whether the value is the last one known before communication was lost."""
    return (status & 0xFFFF0000) in _STALE


def is_substitute(status: int) -> bool:
    """Tell whether the value was put in the place of a measured one."""
    return (status & 0xFFFF0000) == UNCERTAIN_SUBSTITUTE


def is_frozen(status: int) -> bool:
    """Tell whether the value stands still though it should move: whatever updates it has stopped."""
    return (status & 0xFFFF0000) == UNCERTAIN_LAST_USABLE


def tells_of_communication(status: int) -> bool:
    """Tell whether the status was given by this side of the link: no data yet, or none any more."""
    return (status & 0xFFFF0000) in COMMUNICATION


def status_name(status: int) -> str:
    """Return the symbolic name of a StatusCode, or ``Good``/``Uncertain``/``Bad`` with the hex code."""
    name = _NAMES.get(status & 0xFFFF0000)
    if name is not None:
        return name
    return f"{severity(status).name.capitalize()} (0x{status:08X})"
