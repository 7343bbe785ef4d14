"""Values of every type, elements of arrays and fields of structures, from a real server."""

import pytest

from app.model import status as st
from app.model.browsing import Browser
from app.model.connection import Protocol_
from app.model.errors import EnvironmentProblem
from app.model.opcua_address import OpcUaAddress
from app.model.sample import Value
from app.model.tag import DataType, Tag
from tests.contract.harness import OPC, rig

pytestmark = [pytest.mark.usefixtures("no_task_left"), pytest.mark.filterwarnings("ignore::DeprecationWarning:asyncua")]

SCRIPT = "opcua_types_server.py"
NODE = "nsu=urn:test:contract;"
NUMBERS: dict[str, tuple[str, DataType, Value]] = {
    "SBYTE": (OPC + "sbyte", DataType.INT, -128),
    "BYTE": (OPC + "byte", DataType.INT, 255),
    "INT64": (OPC + "int64", DataType.INT, -(2**63)),
    "UINT64": (OPC + "uint64", DataType.INT, 2**64 - 1),
    "FLOAT": (OPC + "float", DataType.FLOAT, 1.5),
    "DOUBLE": (OPC + "double", DataType.FLOAT, 0.1),
    "MOMENT": (OPC + "moment", DataType.FLOAT, 1767323045.0),
    "BY_GUID": (NODE + "g=09087e75-8e5e-499b-954f-f2a9603db28b", DataType.FLOAT, 3.0),
    "OPAQUE": (NODE + "b=b3BhcXVl", DataType.FLOAT, 3.0),
    "THIRD": (OPC + "array @[2]", DataType.INT, 30),
    "ONLY": (OPC + "single @[0]", DataType.INT, 5),
    "CELL": (OPC + "matrix @[1,0]", DataType.FLOAT, 3.0),
    "SPEED": (OPC + "Pumps[1].All @Motor.Speed", DataType.FLOAT, 40.0),
    "HOURS": (OPC + "Pumps[1].All @Motor.Hours", DataType.INT, 2**60 + 1),
    "MODE": (OPC + "Pumps[1].All @Motor.Mode", DataType.INT, 2),
    "LAST": (OPC + "Pumps[1].All @Last[1]", DataType.INT, 2),
    "LEVEL": (OPC + "Pumps[1].All @Level", DataType.FLOAT, 2.5),
    "SECOND": (OPC + "pumps @[1].Motor.Speed", DataType.FLOAT, 2.0),
}
TEXTS: dict[str, tuple[str, DataType, Value]] = {
    "STRING": (OPC + "string", DataType.STRING, "gauge"),
    "TEXT": (OPC + "text", DataType.STRING, "水位"),
    "NAME": (OPC + "name", DataType.STRING, "q"),
    "ISO": (OPC + "moment", DataType.STRING, "2026-01-02T03:04:05Z"),
    "GUID": (OPC + "guid", DataType.STRING, "09087e75-8e5e-499b-954f-f2a9603db28a"),
    "BYTES": (OPC + "bytes", DataType.STRING, "01AB"),
    "OF_PUMP": (OPC + "Pumps[1].All @Name", DataType.STRING, "P1"),
}
WRONG = {
    "BEYOND": (OPC + "array @[3]", st.BAD_INDEX_RANGE_NO_DATA),
    "BEYOND_ONE": (OPC + "single @[1]", st.BAD_INDEX_RANGE_NO_DATA),
    "SCALAR": (OPC + "double @[0]", st.BAD_TYPE_MISMATCH),
    "ROW": (OPC + "matrix @[1]", st.BAD_TYPE_MISMATCH),
    "NO_FIELD": (OPC + "Pumps[1].All @Weight", st.BAD_NODE_ID_UNKNOWN),
    "LEFT_OUT": (OPC + "Pumps[1].All @Note", st.BAD_NO_DATA),
    "WHOLE": (OPC + "pumps", st.BAD_TYPE_MISMATCH),
}


async def test_every_type_and_part_arrives_and_what_is_wrong_is_told() -> None:
    good = {**NUMBERS, **TEXTS}
    tags = [Tag(name, address=address, data_type=kind, scan_ms=100) for name, (address, kind, _) in good.items()]
    tags += [Tag(name, address=address, scan_ms=100) for name, (address, _) in WRONG.items()]
    async with rig(Protocol_.OPCUA, script=SCRIPT, tags=tags) as running:
        last = running.recorder.last
        await running.recorder.until_status(st.GOOD, *good, within_s=20)
        assert {name: last[name].value for name in good} == {name: value for name, (_, _, value) in good.items()}
        for name, (_, status) in WRONG.items():
            await running.recorder.until_status(status, name)
        await running.server.do("pump", speed=41.5)
        await running.recorder.until(lambda: last["SPEED"].value == 41.5, 5)
        await running.server.do("array", value=[1, 2, 33, 4])
        await running.recorder.until(lambda: (last["THIRD"].value, last["BEYOND"].value) == (33, 4), 5)
        assert st.is_good(last["BEYOND"].status)


async def test_metadata_contradicting_the_project_are_told_and_read_again_once_they_change() -> None:
    tags = [
        Tag("FLOW", address=OPC + "flow", unit="m3/h", low=0, high=100, scan_ms=100),
        Tag("MODE", address=OPC + "mode", data_type=DataType.STRING, scan_ms=100),
        Tag("PLAIN", address=OPC + "double", scan_ms=100),
    ]
    async with rig(Protocol_.OPCUA, script=SCRIPT, tags=tags, metadata=True) as running:
        figures, last = running.connector.status, running.recorder.last
        await running.recorder.until(lambda: "MODE" in last and last["MODE"].value == "Auto", 20)
        await running.recorder.until(lambda: len(figures().notices) == 2, 5)
        assert [notice.en for notice in figures().notices] == [
            "FLOW: unit m3/h in the project, m³/h at the server",
            "FLOW: range 0 to 100 in the project, 0 to 250 at the server",
        ]
        await running.server.do("range", high=100.0)
        await running.recorder.until(lambda: len(figures().notices) == 1, 5)
        assert last["FLOW"].status == st.SEMANTICS_CHANGED
        assert st.is_good(last["FLOW"].status)


async def test_a_server_is_browsed_by_level_with_addresses_for_the_project() -> None:
    tags = [Tag("FLOW", address=OPC + "flow", scan_ms=100)]
    async with rig(Protocol_.OPCUA, script=SCRIPT, tags=tags) as running:
        await running.recorder.until_status(st.GOOD, "FLOW", within_s=20)
        connector = running.connector
        assert isinstance(connector, Browser)
        result = await connector.browse("", 1)
        nodes = {node.address: node for node in result.nodes}
        flow = nodes[OPC + "flow"]
        assert (flow.depth, flow.node_class, flow.data_type, flow.value_rank) == (1, "Variable", "Double", -1)
        assert (flow.value, flow.readable, flow.writable) == (77.0, True, False)
        assert (flow.metadata.unit, flow.metadata.low, flow.metadata.high) == ("m³/h", 0.0, 250.0)
        assert nodes[OPC + "array"].value == "[10, 20, 30] (3)"
        assert nodes[OPC + "mode"].metadata.states == ((0, "Off"), (1, "Manual"), (2, "Auto"))
        assert nodes[NODE + "b=b3BhcXVl"].value == 3.0
        assert all(OpcUaAddress.parse(address) for address in nodes)
        below = await connector.browse(OPC + "flow", 3)
        assert {node.browse_name for node in below.nodes} == {"EURange", "EngineeringUnits"}
        with pytest.raises(EnvironmentProblem, match="does not know this node"):
            await connector.browse(OPC + "nowhere", 1)
        with pytest.raises(EnvironmentProblem, match="no such namespace"):
            await connector.browse("nsu=urn:none;s=x", 1)
