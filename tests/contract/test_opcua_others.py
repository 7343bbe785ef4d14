"""What only servers of other makers do (tests/servers_js/opcua): parts of arrays on request, references in portions."""

import shutil

import pytest

from app.model import status as st
from app.model.browsing import Browser
from app.model.connection import Protocol_
from app.model.tag import DataType, Tag
from connectors.opcua.parts import Parts
from tests.contract.harness import OPC, OTHERS, rig

pytestmark = [
    pytest.mark.usefixtures("no_task_left"),
    pytest.mark.skipif(
        shutil.which("node") is None or not (OTHERS / "node_modules").is_dir(),
        reason="npm ci in tests/servers_js/opcua first",
    ),
]
SCRIPT = "values.js"


async def test_an_element_is_delivered_alone_and_metadata_are_those_of_the_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    delivered: list[object] = []
    pick = Parts.pick

    def picked(parts: Parts, index: int, raw: object) -> object:
        delivered.append(raw)
        return pick(parts, index, raw)

    monkeypatch.setattr(Parts, "pick", picked)
    tags = [
        Tag("THIRD", address=OPC + "array @[2]", data_type=DataType.INT, scan_ms=100),
        Tag("BEYOND", address=OPC + "array @[7]", data_type=DataType.INT, scan_ms=100),
        Tag("FLOW", address=OPC + "flow", unit="°C", low=0, high=100, scan_ms=100),
        Tag("MODE", address=OPC + "mode", data_type=DataType.STRING, scan_ms=100),
    ]
    async with rig(Protocol_.OPCUA, script=SCRIPT, tags=tags, metadata=True) as running:
        last = running.recorder.last
        await running.recorder.until_status(st.GOOD, "THIRD", "FLOW", "MODE", within_s=20)
        assert (last["THIRD"].value, last["MODE"].value) == (30, "Auto")
        await running.recorder.until_status(st.BAD_INDEX_RANGE_NO_DATA, "BEYOND")
        assert [each.en for each in running.connector.status().notices] == [
            "FLOW: range 0 to 100 in the project, 0 to 250 at the server"
        ]
        delivered.clear()
        await running.server.do("array", value=[11, 22, 33])
        await running.recorder.until(lambda: last["THIRD"].value == 33, 5)
        assert [33] in delivered
        assert [11, 22, 33] not in delivered


async def test_a_folder_of_thousands_is_browsed_to_the_limit_and_says_so() -> None:
    tags = [Tag("FLOW", address=OPC + "flow", scan_ms=100)]
    async with rig(Protocol_.OPCUA, script=SCRIPT, tags=tags) as running:
        await running.recorder.until_status(st.GOOD, "FLOW", within_s=20)
        connector = running.connector
        assert isinstance(connector, Browser)
        result = await connector.browse(OPC + "hall", 1)
        assert (len(result.nodes), result.complete) == (2000, False)
        flow = next(node for node in result.nodes if node.browse_name == "flow")
        assert (flow.metadata.unit, flow.metadata.low, flow.metadata.high) == ("°C", 0.0, 250.0)
        assert (flow.metadata.instrument_low, flow.metadata.instrument_high) == (-10.0, 300.0)
        assert running.recorder.last["FLOW"].is_good
