"""The system page says what did not get through and what to do, and is calm where everything did."""

from dataclasses import replace
from typing import Final

import pytest
from PySide6.QtWidgets import QLabel

from app.console.console import Console
from app.console.pages.system import SystemPage
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
