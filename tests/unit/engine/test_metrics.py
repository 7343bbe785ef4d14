"""Figures for a monitoring system, read over HTTP as it would and parsed by the format's own parser."""

import asyncio
import threading
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, Final

import pytest
import pytest_asyncio
from prometheus_client.openmetrics import parser
from prometheus_client.parser import text_string_to_metric_families as parse_older

from app.engine import metricserver
from app.engine.metricserver import LOOPBACK, OPEN_METRICS, MetricServer
from app.model.connection import ConnectionState, ConnectionStatus
from app.model.engine import EngineStatus, Shortfall
from app.model.errors import EnvironmentProblem
from app.model.text import LocalText

parse_strictly: Any = parser.text_string_to_metric_families
UF: Final = ConnectionStatus(
    "uf", ConnectionState.DEGRADED, 1, tags=214, bad_tags=3, updates=90, overflows=2, reconnects=4, rate=9.5,
    lag_ms=40.0, round_trip_ms=1.5, period_ms=500.0,
)  # fmt: skip
INTAKE: Final = ConnectionStatus('in"take', ConnectionState.LOST, 1, error="no\nanswer")
STATUS: Final = EngineStatus(
    pid=7, version="0.1.0", project_id="lingzhuang", started_ns=1_700_000_000_500_000_000, now_ns=0, tags=449,
    samples=2868, late=5, sample_rate=204.3, store_path="s", store_bytes=1 << 20, database="sqlite",
    database_error="", journal_pending=1, clients=2, active_alarms=3, unacknowledged_alarms=1, loop_lag_ms=5.5,
    errors=(), connections=(UF, INTAKE), history_pending=12, spool_bytes=34, rows_dropped=6, rows_refused=7,
    shortfalls=(
        Shortfall('ingest.late', 5, LocalText('late'), LocalText('clock')),
        Shortfall('connection.replaced', 2, LocalText('replaced'), LocalText('report'), 'uf'),
    ),
)  # fmt: skip


class Served:
    """A server whose snapshot a test may change."""

    def __init__(self) -> None:
        self.status = STATUS
        self.go_on = threading.Event()
        self.go_on.set()
        self.server = MetricServer(self._snapshot, 0)

    def _snapshot(self) -> EngineStatus:
        assert self.go_on.wait(20)
        return self.status

    async def get(self, path: str = "/metrics", accept: str = "*/*") -> tuple[str, str]:
        """Return content type and text."""
        request = urllib.request.Request(f"http://{LOOPBACK}:{self.server.port}{path}", headers={"Accept": accept})

        def ask() -> tuple[str, str]:
            try:
                with urllib.request.urlopen(request, timeout=20) as answer:
                    return str(answer.headers["Content-Type"]), answer.read().decode()
            finally:
                self.go_on.set()

        return await asyncio.to_thread(ask)


@pytest_asyncio.fixture
async def served() -> AsyncIterator[Served]:
    made = Served()
    yield made
    await made.server.close()


def by_name(text: str) -> dict[tuple[str, str, str], float]:
    return {
        (
            sample.name,
            sample.labels.get("connection", ""),
            sample.labels.get("haihe_connection_state", ""),
        ): sample.value
        for family in parse_strictly(text)
        for sample in family.samples
    }


async def test_all_figures_are_told_in_open_metrics_text(served: Served) -> None:
    kind, text = await served.get()
    assert kind.startswith(OPEN_METRICS)
    assert text.endswith("# EOF\n")
    found = by_name(text)
    assert found["haihe_samples_total", "", ""] == 2868
    assert found["haihe_start_time_seconds", "", ""] == 1_700_000_000.5
    assert found["haihe_event_loop_lag_seconds", "", ""] == pytest.approx(0.0055)
    assert found["haihe_database_up", "", ""] == 1
    assert found["haihe_connection_overflows_total", "uf", ""] == 2
    assert found["haihe_connection_lag_seconds", "uf", ""] == pytest.approx(0.04)
    states = {key[2]: value for key, value in found.items() if key[:2] == ("haihe_connection_state", "uf")}
    assert states == {each.value: float(each is ConnectionState.DEGRADED) for each in ConnectionState}


async def test_every_place_where_something_may_be_lost_has_a_count(served: Served) -> None:
    [family] = [each for each in parse_strictly((await served.get())[1]) if each.name == "haihe_shortfalls"]
    assert {(one.labels["place"], one.labels["connection"]): one.value for one in family.samples} == {
        ("ingest.late", ""): 5,
        ("connection.replaced", "uf"): 2,
    }


async def test_what_is_not_known_is_left_out_and_any_name_is_quoted(served: Served) -> None:
    found = by_name((await served.get())[1])
    assert found["haihe_connection_tags", 'in"take', ""] == 0
    assert ("haihe_connection_lag_seconds", 'in"take', "") not in found


async def test_figures_are_those_of_the_request(served: Served) -> None:
    await served.get()
    served.status = replace(STATUS, samples=9000, database_error="locked")
    found = by_name((await served.get())[1])
    assert (found["haihe_samples_total", "", ""], found["haihe_database_up", "", ""]) == (9000, 0)


async def test_the_older_text_format_is_given_to_who_asks_for_it(served: Served) -> None:
    kind, text = await served.get(accept="text/plain;version=0.0.4")
    assert kind.startswith("text/plain")
    assert "haihe_samples_total" in {sample.name for family in parse_older(text) for sample in family.samples}


async def test_nothing_else_is_served(served: Served) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404") as refused:
        await served.get("/secret")
    refused.value.close()


async def test_a_loop_that_hangs_ends_the_request_and_not_the_server(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metricserver, "PATIENCE_S", 0.05)
    served.go_on.clear()
    with pytest.raises(urllib.error.HTTPError, match="503") as failed:
        await served.get()
    failed.value.close()
    monkeypatch.undo()
    assert (await served.get())[1].endswith("# EOF\n")


async def test_a_taken_port_is_told_with_a_remedy(served: Served) -> None:
    with pytest.raises(EnvironmentProblem, match=rf"{served.server.port}.*choose another port with --metrics"):
        MetricServer(lambda: STATUS, served.server.port)


async def test_closed_it_listens_no_more() -> None:
    made = Served()
    await made.server.close()
    with pytest.raises(urllib.error.URLError):
        await made.get()
