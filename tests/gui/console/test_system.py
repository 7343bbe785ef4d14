"""The system page says what did not get through and what to do, and is calm where everything did."""

from dataclasses import replace
from typing import Final

import pytest
from PySide6.QtWidgets import QLabel

from app.console.connectionlist import ConnectionList
from app.console.console import Console
from app.console.pages.system import SystemPage
from app.model.connection import ConnectionState, ConnectionStatus, ScanStatus
from app.model.engine import EngineStatus, Shortfall
from app.model.text import LocalText

pytestmark = [pytest.mark.gui, pytest.mark.qt_log_ignore("propagateSizeHints")]

STATUS: Final = EngineStatus(
    pid=7, version="1", project_id="p", started_ns=0, now_ns=0, tags=4, samples=28, late=5, sample_rate=2.0,
    store_path="s", store_bytes=1, database="sqlite", database_error="", journal_pending=0, clients=1, active_alarms=0,
    unacknowledged_alarms=0, loop_lag_ms=1.0, errors=(), connections=(),
    shortfalls=(
        Shortfall("ingest.late", 0, LocalText("late samples", "个样本"), LocalText("see the clock", "检查时钟")),
        Shortfall("link.clients", 0, LocalText("clients cut off", "个客户端"), LocalText("see the load", "检查负载")),
    ),
)  # fmt: skip


def said(console: Console, status: EngineStatus) -> str:
    assert console.window is not None
    console.window.navigator.go("system")
    page = console.window.workspaces.currentWidget()
    assert isinstance(page, SystemPage)
    page.show_status(status, 0, 0)
    return "\n".join(label.text() for label in page.findChildren(QLabel))


def test_nothing_lost_is_said_calmly(console: Console) -> None:
    text = said(console, STATUS)
    assert "Nothing since the engine's start" in text
    assert "late samples" not in text


@pytest.mark.parametrize(
    ("language", "line"), [("en", "1\u202f200 late samples: see the clock"), ("zh_CN", "1\u202f200 个样本：检查时钟")]
)
def test_a_place_with_losses_has_its_count_and_its_remedy(console: Console, language: str, line: str) -> None:
    console.change_language(language)
    late, clients = STATUS.shortfalls
    text = said(console, replace(STATUS, shortfalls=(replace(late, count=1200), clients)))
    assert line in text
    assert "Nothing since" not in text
    assert clients.what.en not in text


def test_why_a_connection_is_lost_is_said_whole(console: Console) -> None:
    name = next(iter(console.context.plant.connections))
    reason = "opc.tcp://127.0.0.1:9: connection refused; start the server, or correct host and port in plant.toml"
    lost = ConnectionStatus(name, ConnectionState.LOST, 0, error=reason)
    assert f" · {reason}" in said(console, replace(STATUS, connections=(lost,)))
    assert "connection refused" not in said(console, replace(STATUS, connections=(replace(lost, error=""),)))


def test_what_an_engineer_has_to_know_of_a_connection_is_said_and_what_it_achieves_shown(console: Console) -> None:
    name = next(iter(console.context.plant.connections))
    served = ConnectionStatus(
        name, ConnectionState.CONNECTED, 0, endpoint="opc.tcp://b:4840", clock_skew_ms=-2400.0,
        notices=(LocalText("the range of X is 0 to 5 there", "X 的量程为 0 至 5"),),
        scans=(ScanStatus(250.0, 260.0, 3, 1), ScanStatus(1000.0, 1900.0, 80, 9), ScanStatus(60_000.0, None, 1, 1)),
    )  # fmt: skip
    text = said(console, replace(STATUS, connections=(served,)))
    assert " · served by opc.tcp://b:4840" in text
    assert " · its clock is 2.4 s behind ours" in text
    assert " · the range of X is 0 to 5 there" in text
    assert console.window is not None
    table = console.window.findChild(ConnectionList).table  # type: ignore[union-attr]  # the page is open
    shown = [item.text() for column in range(table.columnCount()) if (item := table.item(0, column)) is not None]
    assert "1900 (1000) ms" in shown
    text = said(console, replace(STATUS, connections=(replace(served, clock_skew_ms=40.0),)))
    assert "clock" not in text
