"""What the project permits, the connectors take: the table of options is theirs too."""

from pathlib import Path
from typing import Any

import pytest

from app.model.connection import Connection, Protocol_
from app.model.errors import ProjectError
from app.project import check_project
from app.project.optionrules import Choice, Range
from app.project.options import RULES, check_endpoint, check_options
from app.project.place import Problems, RowPlace
from connectors.modbus.settings import ModbusSettings
from connectors.opcua.security import OPTIONS, POLICIES, Security, SecuritySettings
from connectors.opcua.settings import OpcUaSettings
from tests.unit.project.sample import PLANT, write

ENDPOINTS = {
    **dict.fromkeys(Protocol_, "127.0.0.1:502"),
    Protocol_.OPCUA: "opc.tcp://127.0.0.1:4840",
    Protocol_.MODBUS_RTU: "/dev/ttyUSB0",
}
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
    assert check_options(Protocol_.OPCUA, {name: "x"}, RowPlace(problems, "plant.toml", 1), "uf-1") == {}
    assert "secret" in problems.found[0].message
    assert "HAIHE_SECRET_UF_1" in problems.found[0].message
    assert "keyring" in problems.found[0].message


def test_choices_of_security_are_those_of_the_connector() -> None:
    rules = RULES[Protocol_.OPCUA]
    assert rules["security"] == Choice(tuple(Security))
    assert rules["policy"] == Choice(tuple(POLICIES))
    assert rules.keys() >= OPTIONS


@pytest.mark.parametrize(
    ("options", "right", "field"),
    [
        ({"security": "sign", "policy": "Aes256-Sha256-RsaPss", "user": "haihe"}, True, ""),
        ({"security": "sign-and-encrypt", "user_certificate": "operator"}, True, ""),
        ({"security": "none"}, True, ""),
        ({"user": "haihe"}, False, "options.user"),
        ({"security": "none", "policy": "Basic256Sha256"}, False, "options.policy"),
        ({"user_certificate": "operator"}, False, "options.user_certificate"),
        ({"security": "sign", "user": "a", "user_certificate": "b"}, False, "options.user_certificate"),
        ({"security": "sign", "user": ""}, False, "options.user"),
        ({"security": "sign", "user": 7}, False, "options.user"),
        ({"security": "sign", "user_certificate": "/etc/passwd"}, False, "options.user_certificate"),
        ({"security": "encrypt", "user": "a"}, False, "options.security"),
        ({"security": "sign", "policy": "Basic128Rsa15"}, False, "options.policy"),
    ],
)
def test_options_of_security_fit_together(options: dict[str, Any], right: bool, field: str) -> None:
    problems = Problems()
    good = check_options(Protocol_.OPCUA, options, RowPlace(problems, "plant.toml", 1), "uf")
    assert [each.field for each in problems.found] == ([] if right else [field])
    if right:
        assert good == options
        SecuritySettings.of(Connection("uf", Protocol_.OPCUA, ENDPOINTS[Protocol_.OPCUA], options=good))


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
        (Protocol_.MODBUS_TLS, "plc.works:802", True),
        (Protocol_.MODBUS_RTU_TCP, "/dev/ttyUSB0", False),
        (Protocol_.MODBUS_RTU, "/dev/serial/by-id/usb-FTDI_0-if00", True),
        (Protocol_.MODBUS_RTU, "COM12", True),
        (Protocol_.MODBUS_RTU, "plc:502", False),
        (Protocol_.MODBUS_RTU, "/etc/passwd", False),
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


SECURED = """
[[connection]]
id = "{}"
protocol = "opcua"
endpoint = "opc.tcp://127.0.0.1:4841"
{}
[connection.options]
security = "sign"
user = "haihe"
"""


def test_a_password_in_a_connection_is_told_where_it_belongs(tmp_path: Path) -> None:
    text = PLANT + SECURED.format("uf-1", "password = 'x'")
    _, problems = check_project(write(tmp_path, plant_toml=text))
    assert [(each.line, each.field) for each in problems] == [
        (text[: text.index("password")].count("\n") + 1, "connection.password")
    ]
    assert "HAIHE_SECRET_UF_1" in problems[0].message
    assert "'x'" not in problems[0].message


def test_two_connections_with_users_do_not_share_a_variable(tmp_path: Path) -> None:
    text = PLANT + SECURED.format("uf-1", "") + SECURED.format("UF_1", "")
    _, problems = check_project(write(tmp_path, plant_toml=text))
    assert [each.field for each in problems] == ["connection.id"]
    assert "HAIHE_SECRET_UF_1" in problems[0].message


WORDS = [
    (Protocol_.MODBUS_TCP, "write_functions", "6, 16 22", True),
    (Protocol_.MODBUS_TCP, "write_functions", "6 23", False),
    (Protocol_.MODBUS_TCP, "unit_max_registers", "3:40, 7:60", True),
    (Protocol_.MODBUS_TCP, "unit_max_registers", "3:126", False),
    (Protocol_.MODBUS_TCP, "unit_max_bits", "3:2000", True),
    (Protocol_.MODBUS_TCP, "unit_max_bits", "three:40", False),
    (Protocol_.MODBUS_RTU, "parity", "odd", True),
    (Protocol_.MODBUS_RTU, "parity", "mark", False),
]


@pytest.mark.parametrize(("protocol", "name", "value", "right"), WORDS)
def test_what_is_text_is_taken_or_refused_by_both(protocol: Protocol_, name: str, value: str, right: bool) -> None:
    problems = Problems()
    check_options(protocol, {name: value}, RowPlace(problems, "plant.toml", 1))
    assert (not problems.found) == right
    connection = Connection("c", protocol, ENDPOINTS[protocol], options={name: value})
    if right:
        ModbusSettings.of(connection)
    else:
        with pytest.raises(ProjectError):
            ModbusSettings.of(connection)


@pytest.mark.parametrize("value", ["/etc/ssl/ca.pem", "../ca.pem", "C:\\ca.pem", "~/ca.pem", "", 5])
def test_a_file_outside_of_project_and_state_folder_is_refused(value: object) -> None:
    problems = Problems()
    check_options(Protocol_.MODBUS_TLS, {"ca_file": value}, RowPlace(problems, "plant.toml", 1))
    assert "relative path" in problems.found[0].message
