"""``haihe browse`` against the demo plant: through the engine that holds the session, and what is refused."""

import pytest

from tests.system.harness import Site

pytestmark = pytest.mark.system


def test_a_server_is_shown_with_addresses_and_the_tags_that_use_them(running: Site) -> None:
    answer = running.json("browse", "uf", "--depth", "2")
    assert answer["through"] == "the engine"
    used = [node for node in answer["nodes"] if node["tags"]]
    assert used
    assert all(node["address"].startswith("nsu=") and node["node_class"] == "Variable" for node in used)
    shown = running.cli("browse", "uf", "--depth", "2").stdout
    assert used[0]["address"] in shown
    assert f"tag {used[0]['tags'][0]}" in shown


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("nowhere",), "no such connection: nowhere; allowed: "),
        (("intake",), "intake is modbus-tcp; allowed: an OPC UA connection"),
        (("uf", "x=1"), "is not an OPC UA address"),
        (("uf", "nsu=urn:none;s=x"), "no such namespace"),
        (("uf", "--depth", "11"), "allowed: 1 to 10"),
    ],
)
def test_what_cannot_be_browsed_is_said_in_one_line(running: Site, words: tuple[str, ...], reason: str) -> None:
    done = running.cli("browse", *words, status=1)
    assert done.stdout == ""
    assert reason in done.stderr
    assert done.stderr.count("\n") == 1
