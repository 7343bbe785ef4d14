"""The numbers in the definitions of the figures."""

from typing import Final

from app.model.alarm_kpi import DAY_NS
from app.model.clock import SECOND_NS

FLOOD_BEGINS_ABOVE: Final = 10
FLOOD_ENDS_BELOW: Final = 5
"""Annunciated in ten minutes of the clock."""
BUSY_HOUR_ABOVE: Final = 30
CHATTER_COUNT: Final = 3
CHATTER_NS: Final = 60 * SECOND_NS
FLEETING_NS: Final = 10 * SECOND_NS
STALE_NS: Final = DAY_NS
TOP: Final = 10
SHELVINGS_A_DAY: Final = 2
SHELVING_SLACK_NS: Final = 60 * SECOND_NS
"""So much later may the end of a shelving be journalled."""
LOOK_BACK_NS: Final = 7 * DAY_NS
"""How far before a period rows are read, to know what stood when it began."""
