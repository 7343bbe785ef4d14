"""What the project permits, the connectors take: the table of options is theirs too."""

import pytest

from app.model.connection import Connection, Protocol_
from app.model.errors import ProjectError
from app.project.options import RULES, Range, check_endpoint, check_options
from app.project.place import Problems, RowPlace
from connectors.modbus.settings import ModbusSettings
from connectors.opcua.settings import OpcUaSettings

ENDPOINTS = {Protocol_.OPCUA: "opc.tcp://127.0.0.1:4840", Protocol_.MODBUS_TCP: "127.0.0.1:502"}
RANGES = [
    (protocol, name, rule)
    for protocol, rules in RULES.items()
    for name, rule in rules.items()
    if isinstance(rule, Range)
]


def accepted(protocol: Protocol_, name: str, value: float) -> bool:
    connection = Connection("c", protocol, ENDPOINTS[protocol], options={name: value})
    try:
        if protocol is Protocol_.OPCUA:
            OpcUaSettings.of(connection)
        else:
            ModbusSettings.of(connection)
    except ProjectError:
        return False
    return True


@pytest.mark.parametrize(("protocol", "name", "rule"), RANGES)
def test_ranges_are_those_of_the_connectors(protocol: Protocol_, name: str, rule: Range) -> None:
    assert accepted(protocol, name, int(rule.low) if rule.whole else rule.low)
    assert accepted(protocol, name, int(rule.high) if rule.whole else rule.high)
    assert not accepted(protocol, name, int(rule.high) + 1)
    assert rule.error(rule.high + 1)


@pytest.mark.parametrize("name", ["password", "api_key", "user_password", "secret", "auth_token"])
def test_secrets_are_refused(name: str) -> None:
    problems = Problems()
    assert check_options(Protocol_.OPCUA, {name: "x"}, RowPlace(problems, "plant.toml", 1)) == {}
    assert "secret" in problems.found[0].message


@pytest.mark.parametrize(
    ("protocol", "endpoint", "right"),
    [
        (Protocol_.OPCUA, "opc.tcp://plc-1.local:4840/a/b", True),
        (Protocol_.OPCUA, "opc.tcp://[::1]:4840", True),
        (Protocol_.OPCUA, "opc.tcp://plc", False),
        (Protocol_.OPCUA, "opc.tcp://plc:99999", False),
        (Protocol_.OPCUA, "http://plc:4840", False),
        (Protocol_.OPCUA, "opc.tcp://user:pw@plc:4840", False),
        (Protocol_.MODBUS_TCP, "10.0.0.1:502", True),
        (Protocol_.MODBUS_TCP, "[::1]:502", True),
        (Protocol_.MODBUS_TCP, "plc", False),
        (Protocol_.MODBUS_TCP, "plc:0", False),
        (Protocol_.MODBUS_TCP, "tcp://plc:502", False),
    ],
)
def test_endpoints(protocol: Protocol_, endpoint: str, right: bool) -> None:
    problems = Problems()
    check_endpoint(protocol, endpoint, RowPlace(problems, "plant.toml", 1))
    assert (not problems.found) == right


@pytest.mark.parametrize("value", ["hr100-109 ir7", "2/co0", "", "1/hr1,hr2"])
def test_forbidden_blocks(value: str) -> None:
    problems = Problems()
    options = check_options(Protocol_.MODBUS_TCP, {"forbidden": value}, RowPlace(problems, "plant.toml", 1))
    assert not problems.found
    ModbusSettings.of(Connection("c", Protocol_.MODBUS_TCP, "h:1", options=options))


@pytest.mark.parametrize("value", ["hr9-1", "xx3", "hr70000", 5, "hr"])
def test_wrong_forbidden_blocks(value: object) -> None:
    problems = Problems()
    check_options(Protocol_.MODBUS_TCP, {"forbidden": value}, RowPlace(problems, "plant.toml", 1))
    assert len(problems.found) == 1
