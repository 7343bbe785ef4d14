import pytest

from app.model.connection import Connection, Protocol_
from app.model.errors import ProjectError
from connectors.opcua.settings import OpcUaSettings


def settings(**options: str | float) -> OpcUaSettings:
    return OpcUaSettings.of(Connection("c", Protocol_.OPCUA, "opc.tcp://plc:4840/x", options=options))


@pytest.mark.parametrize("publishing_ms", [10, 100, 500, 1000, 5000])
def test_server_speaks_every_second_and_forgets_after_a_minute(publishing_ms: int) -> None:
    given = settings(publishing_ms=publishing_ms)
    assert given.keepalive_count * publishing_ms <= max(1000, publishing_ms)
    assert given.lifetime_count >= 3 * given.keepalive_count
    assert given.lifetime_count * publishing_ms >= 60_000
    assert 60 <= given.session_timeout_s <= 150


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"publishing": 5}, "'publishing' is unknown"),
        ({"queue_size": 1}, "from 2 to 10000"),
        ({"session_timeout_s": 3600}, "from 60 to 150"),
    ],
)
def test_wrong_options_are_refused_in_words(options: dict[str, str | float], words: str) -> None:
    with pytest.raises(ProjectError, match=words):
        settings(**options)


def test_endpoint_must_be_opc_tcp() -> None:
    with pytest.raises(ProjectError, match=r"opc\.tcp"):
        OpcUaSettings.of(Connection("c", Protocol_.OPCUA, "plc:4840"))
