"""What a server tells of tags, where it refuses to tell."""

from typing import Any, cast

import pytest
from asyncua import ua

from app.model.clock import ManualClock
from app.model.connection import Binding
from app.model.tag import Tag
from connectors.ledger import Ledger
from connectors.opcua.feed import Feed
from connectors.opcua.semantics import Semantics
from connectors.opcua.services import Services


class Refusing:
    """A server that answers no request of this kind."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def read(self, *_: Any) -> list[Any]:
        raise self.error


def make() -> Semantics:
    clock = ManualClock(1)
    ledger = Ledger([Binding(0, Tag("LEVEL"))], lambda samples: None, clock)
    return Semantics(ledger.tags, Feed(ledger, clock))


async def test_a_server_that_refuses_to_tell_is_a_notice_and_no_loss() -> None:
    semantics = make()
    services = cast(Services, Refusing(ua.UaStatusCodeError(ua.StatusCodes.BadServiceUnsupported)))
    await semantics.read(services, [ua.NodeId(1, 2)], [0])
    (notice,) = semantics.notices
    assert "units and ranges cannot be read from the server" in notice.en
    assert "BadServiceUnsupported" in notice.en


async def test_a_lost_session_is_no_refusal() -> None:
    services = cast(Services, Refusing(ConnectionError("gone")))
    with pytest.raises(ConnectionError):
        await make().read(services, [ua.NodeId(1, 2)], [0])
