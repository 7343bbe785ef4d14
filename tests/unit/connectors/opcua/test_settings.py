import pytest

from app.model.connection import Connection, Protocol_
from app.model.errors import ProjectError
from connectors.opcua.settings import OpcUaSettings, Terms


def settings(**options: str | float) -> OpcUaSettings:
    return OpcUaSettings.of(Connection("c", Protocol_.OPCUA, "opc.tcp://plc:4840/x", options=options))


@pytest.mark.parametrize("publishing_ms", [10, 100, 500, 1000, 5000])
def test_server_speaks_every_second_and_forgets_after_a_minute(publishing_ms: int) -> None:
    given = settings(publishing_ms=publishing_ms)
    terms = given.terms(1000)
    assert terms.keepalive_count * publishing_ms <= max(1000, publishing_ms)
    assert terms.lifetime_count >= 3 * terms.keepalive_count
    assert terms.lifetime_count * publishing_ms >= 60_000
    assert 60 <= given.session_timeout_s <= 150


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"publishing": 5}, "'publishing' is unknown"),
        ({"queue_size": 1}, "from 2 to 10000"),
        ({"session_timeout_s": 3600}, "from 60 to 150"),
        ({"publish_requests": 0}, "from 1 to 20"),
        ({"sessions": 11}, "from 1 to 10"),
        ({"scan_classes": "100"}, "scan_ms/publishing_ms/queue_size such as 100/200/10"),
        ({"scan_classes": "100/5/10"}, "'100/5/10' is not allowed"),
        ({"deadband_at_server": 1}, "true or false"),
    ],
)
def test_wrong_options_are_refused_in_words(options: dict[str, str | float], words: str) -> None:
    with pytest.raises(ProjectError, match=words):
        settings(**options)


def test_a_scan_class_has_terms_of_its_own() -> None:
    given = settings(publishing_ms=500, queue_size=20, scan_classes="100/50/5, 2000/1000/3")
    assert given.terms(100) == Terms(50, 5)
    assert given.terms(2000) == Terms(1000, 3)
    assert given.terms(1000) == Terms(500, 20)


def test_a_queue_holds_what_comes_in_two_publishing_intervals() -> None:
    assert Terms(500, 10).queue(1000) == 10
    assert Terms(500, 10).queue(20) == 50
    assert Terms(500, 10).queue(30) == 34


def test_endpoint_must_be_opc_tcp() -> None:
    with pytest.raises(ProjectError, match=r"opc\.tcp"):
        OpcUaSettings.of(Connection("c", Protocol_.OPCUA, "plc:4840"))
