"""Which sessions a server may still have."""

from app.model.clock import ManualClock
from connectors.opcua.leftovers import Former, Leftovers


def test_each_session_is_taken_once_in_its_turn_while_its_server_may_have_it() -> None:
    clock = ManualClock()
    left = Leftovers(60, clock)
    first, second, third, other = (Former(token, b"", []) for token in range(4))
    assert left.take("a") is None
    left.leave("a", first)
    left.leave("b", other)
    clock.advance(30)
    left.leave("a", second)
    left.leave("a", third)
    assert left.take("b") is other
    assert left.take("b") is None
    clock.advance(30)
    assert left.take("a") is second, "the first one is over"
    clock.advance(30)
    assert left.take("a") is None
