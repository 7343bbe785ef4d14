"""What a project may say of Modbus lines; a mistake has one message, with the remedy."""

from pathlib import Path

import pytest

from app.model.address import ModbusAddress
from app.model.connection import Connection, Protocol_
from app.model.tag import DataType
from app.project import check_project
from app.project.checks import address_error
from connectors.modbus.plan import Item, unreadable
from connectors.modbus.settings import ModbusSettings
from tests.contract.harness import device_certificate
from tests.unit.project.sample import PLANT, TAGS, write

SECOND = """
[[connection]]
id = "second"
protocol = "{protocol}"
endpoint = "{endpoint}"
"""


def problems_of(tmp_path: Path, plant: str) -> list[tuple[str, str]]:
    _, problems = check_project(write(tmp_path, plant_toml=plant))
    return [(problem.field, problem.message) for problem in problems]


@pytest.mark.parametrize("protocol", ["modbus-tcp", "modbus-rtu-tcp", "modbus-tls"])
def test_a_second_connection_on_the_same_line_is_refused(tmp_path: Path, protocol: str) -> None:
    found = problems_of(tmp_path, PLANT + SECOND.format(protocol=protocol, endpoint="127.0.0.1:502"))
    assert [field for field, _ in found] == ["connection.endpoint"]
    assert "is the line of connection 'plc' already; one line must be one connection" in found[0][1]
    assert "all its tags on 'plc', told apart by unit" in found[0][1]


def test_a_second_connection_on_the_same_serial_port_is_refused(tmp_path: Path) -> None:
    bus = SECOND.format(protocol="modbus-rtu", endpoint="/dev/ttyUSB0")
    assert problems_of(tmp_path, PLANT + bus) == []
    found = problems_of(tmp_path, PLANT + bus + bus.replace("second", "third"))
    assert [field for field, _ in found] == ["connection.endpoint"]
    assert "'/dev/ttyUSB0' is the line of connection 'second' already" in found[0][1]


def test_another_port_of_a_host_and_another_protocol_are_another_line(tmp_path: Path) -> None:
    assert problems_of(tmp_path, PLANT + SECOND.format(protocol="modbus-tcp", endpoint="127.0.0.1:503")) == []


def test_a_private_key_in_the_project_is_refused_and_files_are_found_in_both_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HAIHE_STATE", str(tmp_path / "state"))
    plant = PLANT + SECOND.format(protocol="modbus-tls", endpoint="plc:802") + (
        '[connection.options]\nca_file = "works-ca.pem"\ncertificate_file = "console.pem"\n'
        'private_key_file = "console.key"\n'
    )  # fmt: skip
    folder = write(tmp_path / "project", plant_toml=plant)
    pem = device_certificate()
    (folder / "works-ca.pem").write_bytes(pem[: pem.index(b"-----BEGIN PRIVATE")])
    loaded, problems = check_project(folder)
    assert problems == []
    assert loaded is not None
    assert loaded.connections["second"].options["ca_file"] == str(folder / "works-ca.pem")
    state = tmp_path / "state" / "projects" / "small" / "keys"
    assert loaded.connections["second"].options["private_key_file"] == str(state / "console.key")
    (folder / "console.pem").write_bytes(pem)
    _, problems = check_project(folder)
    assert [problem.field for problem in problems] == ["connection.options.certificate_file"]
    assert "holds a private key" in problems[0].message


@pytest.mark.parametrize(
    ("protocol", "address", "kind", "words"),
    [
        (Protocol_.MODBUS_TCP, "hr1", DataType.STRING, "allowed with it: such as hr20:string8"),
        (Protocol_.MODBUS_TCP, "hr1:string4", DataType.FLOAT, "allowed with it: data type string"),
        (Protocol_.MODBUS_TCP, "hr1:string4", DataType.STRING, ""),
        (Protocol_.MODBUS_TCP, "hr1:string124", DataType.STRING, "1 to 123 registers"),
        (Protocol_.MODBUS_TCP, "hr1:string4:CDAB", DataType.STRING, "allowed: ABCD, BADC"),
        (Protocol_.MODBUS_TCP, "hr1:bcd32:CDAB", DataType.INT, ""),
        (Protocol_.MODBUS_TCP, "hr65535:bcd32", DataType.INT, "out of range 0 to 65534"),
        (Protocol_.MODBUS_TCP, "255/hr1", DataType.INT, ""),
        (Protocol_.MODBUS_RTU, "255/hr1", DataType.INT, "allowed: 1 to 247"),
        (Protocol_.MODBUS_RTU_TCP, "0/hr1", DataType.INT, "allowed: 1 to 247"),
    ],
)
def test_addresses(protocol: Protocol_, address: str, kind: DataType, words: str) -> None:
    found = address_error(Connection("c", protocol, ""), address, kind, writable=False)
    assert words in found if words else found == ""


def test_only_numbers_are_clamped(tmp_path: Path) -> None:
    header, *rows = TAGS.splitlines()
    bare = "LZ.DI,,,HL,{},plc,di71" + "," * 18
    tags = "\n".join([header + ",clamp", *(row + "," for row in rows), bare.format("bool") + ",yes"]) + "\n"
    _, problems = check_project(write(tmp_path / "wrong", tags_csv=tags))
    assert [(problem.line, problem.field) for problem in problems] == [(len(rows) + 2, "clamp")]
    assert "allowed: with float and int" in problems[0].message
    right = tags.replace("LZ.DI,,,HL,bool,plc,di71", "LZ.DI,,,HL,int,plc,ir71")
    plant, problems = check_project(write(tmp_path / "right", tags_csv=right))
    assert problems == []
    assert plant is not None
    assert plant.tags["LZ.DI"].clamp
    assert not plant.tags["LZ.OUT.PRES"].clamp


@pytest.mark.parametrize(
    ("address", "functions", "right"),
    [("hr1", "16", True), ("hr1", "6, 16", True), ("hr1", "5 22", False), ("hr1:float32", "6", False),
     ("hr1.2", "6 16", False), ("co1", "15", True), ("co1", "6", False)],
)  # fmt: skip
def test_a_writable_tag_needs_a_function_that_its_devices_know(address: str, functions: str, right: bool) -> None:
    connection = Connection("plc", Protocol_.MODBUS_TCP, "", options={"write_functions": functions})
    kind = DataType.FLOAT if "float" in address else DataType.INT
    found = address_error(connection, address, kind, writable=True)
    assert right == (found == "")
    assert right or "allowed by write_functions of 'plc'" in found
    assert address_error(connection, address, kind, writable=False) == ""


@pytest.mark.parametrize(
    ("address", "named"),
    [("hr99:uint32", "hr100-110"), ("hr110", "hr100-110"), ("hr105.3", "hr100-110"), ("2/ir7", "2/ir7"), ("co4", "co4"),
     ("hr98:uint32", ""), ("hr111", ""), ("ir105", ""), ("2/hr105", ""), ("ir7", ""), ("co5", "")],
)  # fmt: skip
def test_an_address_in_a_range_that_is_never_read_is_named_with_the_range(address: str, named: str) -> None:
    options: dict[str, str | int | float | bool] = {"forbidden": "1/hr999-x hr100-110, 2/ir7 co4"}
    found = address_error(Connection("plc", Protocol_.MODBUS_TCP, "", options=options), address, DataType.INT, False)
    assert bool(found) == bool(named)
    if named:
        assert f"'{address}' lies in {named}, which option 'forbidden' of connection 'plc' never reads" in found
        assert "allowed: an address outside" in found


@pytest.mark.parametrize(
    ("address", "right"),
    [("hr0:string10", True), ("hr0:string11", False), ("3/hr0:string4", True), ("3/hr0:string5", False), ("hr0", True)],
)
def test_a_value_longer_than_one_read_of_its_unit_is_named(address: str, right: bool) -> None:
    options: dict[str, str | int | float | bool] = {"max_registers": 10, "unit_max_registers": "7:60 3:4"}
    kind = DataType.STRING if "string" in address else DataType.INT
    found = address_error(Connection("plc", Protocol_.MODBUS_TCP, "", options=options), address, kind, False)
    assert right == (found == "")
    assert right or "allowed: a shorter value" in found


def test_check_and_connector_agree_on_what_is_never_read() -> None:
    options: dict[str, str | int | float | bool] = {"forbidden": "hr5-9 2/hr3", "max_registers": 2}
    connection = Connection("plc", Protocol_.MODBUS_TCP, "127.0.0.1:502", options=options)
    limits = ModbusSettings.of(connection).limits
    kinds = ("", ":int32", ":int64")
    for text in [f"{unit}/hr{offset}{kind}" for unit in (1, 2) for offset in range(12) for kind in kinds]:
        item = Item(0, ModbusAddress.parse(text))
        assert bool(unreadable([item], limits)) == bool(address_error(connection, text, DataType.INT, False)), text


def test_tags_that_are_never_read_are_named_with_their_rows(tmp_path: Path) -> None:
    plant = PLANT.replace('forbidden = "hr300-309"', 'forbidden = "ir2-3 hr200"')
    _, problems = check_project(write(tmp_path, plant_toml=plant))
    assert [(each.file, each.line, each.field) for each in problems] == [
        ("equipment.csv", 3, "parameters"), ("tags.csv", 4, "address"),
    ]  # fmt: skip
    assert "lies in ir2-3" in problems[1].message
    assert "lies in hr200" in problems[0].message
