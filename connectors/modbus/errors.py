"""What ends the use of a socket or port."""

from connectors.reasons import Reasoned


class WireError(Reasoned):
    """The socket or port cannot be used any more; the request may or may not have been carried out."""


class SilenceError(WireError):
    """No answer within the deadline."""
