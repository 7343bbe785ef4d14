"""Remote control: select, check, operate, verify. Pure logic, no I/O."""

from app.dispatch.dispatcher import Dispatcher
from app.dispatch.operation import Operation, Phase

__all__ = ["Dispatcher", "Operation", "Phase"]
