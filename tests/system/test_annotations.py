"""Notes over the link of a real engine: shared by its clients, refused without a login, there after a restart."""

import asyncio
import os
import time
from pathlib import Path

import pytest

from app.link.client import EngineClient
from app.link.endpoint import read_endpoint
from app.link.messages import AnnotationChanged, LinkEvent
from app.model.annotation import AnnotationQuery
from app.model.engine import EngineEndpoint
from app.model.errors import AccessDenied
from app.plantsim.project_copy import free_ports, write_project
from tests.system.harness import PASSWORD, USER, Service

pytestmark = pytest.mark.system


def _endpoint(state: Path) -> EngineEndpoint:
    found = read_endpoint(next(state.rglob("engine.json")))
    assert found is not None
    return found


async def _client(endpoint: EngineEndpoint, events: "asyncio.Queue[LinkEvent]") -> EngineClient:
    return await EngineClient.connect(endpoint, events.put_nowait)


async def _told(events: "asyncio.Queue[LinkEvent]") -> AnnotationChanged:
    async with asyncio.timeout(10):
        while True:
            event = await events.get()
            if isinstance(event, AnnotationChanged):
                return event


async def _write_at_one_desk_and_hear_at_another(endpoint: EngineEndpoint) -> None:
    here: asyncio.Queue[LinkEvent] = asyncio.Queue()
    there: asyncio.Queue[LinkEvent] = asyncio.Queue()
    one, other = await _client(endpoint, here), await _client(endpoint, there)
    with pytest.raises(AccessDenied):
        await one.annotate(time.time_ns(), "not logged in")
    await one.login(USER, PASSWORD, "desk 1")
    gone = await one.annotate(time.time_ns(), "wrong")
    kept = await one.annotate(time.time_ns(), "滤池反洗", "LZ.CL.DOSE")
    assert (await _told(there)).note == gone
    assert (await _told(there)).note == kept
    with pytest.raises(AccessDenied):
        await other.remove_annotation(kept.id)
    await one.remove_annotation(gone.id)
    assert (await _told(there)).removed
    await one.close()
    await other.close()


async def _read(endpoint: EngineEndpoint, tag: str) -> list[tuple[str, str]]:
    client = await _client(endpoint, asyncio.Queue())
    page = await client.annotations(AnnotationQuery(0, 2**62, (tag,)))
    await client.close()
    return [(note.text, note.author) for note in page.notes]


def test_notes_are_shared_and_outlive_the_engine(tmp_path: Path) -> None:
    project, state = write_project(tmp_path / "project", free_ports(4)), tmp_path / "state"
    (tmp_path / "shm").mkdir()
    environment = {
        **os.environ, "HAIHE_STATE": str(state), "HAIHE_SHM": str(tmp_path / "shm"), "HAIHE_PASSWORD": PASSWORD,
        "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    adding = Service(["user", "add", str(project), USER, "--role", "operator"], environment)
    assert adding.process.wait(60) == 0, adding.lines
    adding.end()
    for first in (True, False):
        engine = Service(["engine", str(project)], environment)
        try:
            engine.ready()
            if first:
                asyncio.run(_write_at_one_desk_and_hear_at_another(_endpoint(state)))
            assert asyncio.run(_read(_endpoint(state), "LZ.CL.DOSE")) == [("滤池反洗", USER)]
            assert asyncio.run(_read(_endpoint(state), "LZ.CL.DOSEREF")) == []
        finally:
            engine.end()
