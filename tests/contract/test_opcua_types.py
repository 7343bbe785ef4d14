"""Values of every type, elements of arrays and fields of structures, from a real server."""

from collections.abc import Mapping

import pytest

from app.model import status as st
from app.model.connection import Protocol_
from app.model.sample import Value
from app.model.tag import DataType, Tag
from tests.contract.harness import OPC, rig

pytestmark = [pytest.mark.usefixtures("no_task_left"), pytest.mark.filterwarnings("ignore::DeprecationWarning:asyncua")]

SCRIPT = "opcua_types_server.py"
NODE = "nsu=urn:test:contract;"
NUMBERS: Mapping[str, tuple[str, DataType, Value]] = {
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
TEXTS: Mapping[str, tuple[str, DataType, Value]] = {
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
