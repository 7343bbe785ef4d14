"""A store, a plant, a hub and a workspace over them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.model.clock import SystemClock
from app.model.plant import Plant, TrendGroup
from app.model.tag import DataType, Tag
from app.model.text import LocalText
from app.trend import StoreReader
from tests.gui.trend.historysite import TAGS, Plain, history_site
from tests.gui.trend.site import Store
from tests.gui.trend.test_late import make as late_trend
from widgets.live import TagHub
from widgets.theme import ThemeManager
from widgets.trend.source import HubSource
from widgets.trend.workspace import TrendWorkspace
from widgets.wording import Wording


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "t.trend")
    yield made
    made.close()


@pytest.fixture
def plant(store: Store) -> Plant:
    states = ((0, LocalText("Stopped", "停止")), (2, LocalText("Running", "运行")))
    tags = {name: Tag(name, unit="m³/h", low=0, high=200, decimals=2) for name in store.names if name != "A.ST"}
    tags["A.ST"] = Tag("A.ST", data_type=DataType.ENUM, states=states)
    group = TrendGroup("flow", LocalText("Flow"), ("A.FLOW", "A.ST", "not.there"), 1800)
    return Plant(Path(), "small", LocalText("Small"), "Asia/Shanghai", tags=tags, trends={"flow": group})


@pytest.fixture
def hub(qtbot: QtBot, plant: Plant, store: Store) -> Iterator[TagHub]:
    made: Any = TagHub(plant, lambda: StoreReader(store.path), SystemClock())
    made.tick()
    yield made
    made.stop()


@pytest.fixture
def make(qtbot: QtBot, plant: Plant, hub: TagHub) -> Callable[[], TrendWorkspace]:
    def build() -> TrendWorkspace:
        themes = ThemeManager("light", hub)
        made = TrendWorkspace(plant, HubSource(hub), hub.sample, themes, Wording("Asia/Shanghai"))
        qtbot.addWidget(made)
        made.resize(1200, 700)
        made.show()
        qtbot.waitExposed(made)
        made.query()
        return made

    return build


@pytest.fixture
def trend(make: Callable[[], TrendWorkspace]) -> TrendWorkspace:
    return make()


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Plain]:
    built = Plain(tmp_path)
    yield built
    built.writer.close()


@pytest.fixture
def joined(qtbot: QtBot, plain: Plain) -> Iterator[TrendWorkspace]:
    """A trend whose ring and history have different parts of one course, over a real link."""
    plant = Plant(Path(), "small", LocalText("Small"), "Asia/Shanghai", tags=TAGS)
    hub: Any = TagHub(plant, lambda: StoreReader(plain.store), SystemClock())
    hub.tick()
    with history_site(qtbot, plain.url) as site:
        yield late_trend(qtbot, plant, hub, pages=site.pages)
    hub.stop()
