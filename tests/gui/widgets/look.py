"""Paint every display into PNG files to be looked at: python -m tests.gui.widgets.look FOLDER."""

import sys
from pathlib import Path

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication

from app.model.alarm import AnnunciationState
from app.model.alarm_state import AlarmSnapshot
from app.model.clock import ManualClock
from app.model.plant import Plant
from app.project import load_plant
from app.project.displays import parse_display
from tests.gui.widgets.memory import MemorySource, plausible
from widgets.live import TagHub
from widgets.mimic import MimicView
from widgets.theme import ThemeManager

PROJECT = Path(__file__).parents[3] / "resources/projects/lingzhuang"
SIZES = ((1420, 980), (900, 650))


def demo_hub() -> tuple[Plant, TagHub, MemorySource]:
    plant, clock = load_plant(PROJECT), ManualClock()
    source = MemorySource(list(plant.tags), clock)
    plausible(plant, source)
    hub = TagHub(plant, lambda: source, clock)
    hub.tick()
    wanted = {"LZ.UF.R03.PTURB": True, "LZ.UF.R03.TMP": False, "LZ.HL.P02.VIB": False, "LZ.CG.PAC.TANKLVL": True}
    hub.set_alarms(
        AlarmSnapshot(
            alarm.id, "e", AnnunciationState.UNACKNOWLEDGED if wanted[alarm.tag] else AnnunciationState.ACKNOWLEDGED,
            True, clock.now_ns(),
        )
        for alarm in plant.alarms.values()
        if alarm.tag in wanted and alarm.kind in {"H", "L"}
    )  # fmt: skip
    return plant, hub, source


def main(folder: Path) -> None:
    application = QApplication([])
    plant, hub, _ = demo_hub()
    themes = ThemeManager()
    folder.mkdir(parents=True, exist_ok=True)
    for entry in plant.displays.values():
        display, problems = parse_display(entry.path, PROJECT)
        for problem in problems:
            sys.stderr.write(f"{problem}\n")
        for theme, language in (("light", "en"), ("dark", "zh_CN")):
            themes.apply(theme)
            for width, height in SIZES:
                view = MimicView(hub, themes, language)
                view.resize(width, height)
                view.set_display(display)
                view.set_selected("LZ.UF.R03")
                picture: QPixmap = view.grab()
                picture.save(str(folder / f"{entry.id}-{theme}-{width}.png"))
                view.close_display()
                view.deleteLater()
    application.processEvents()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
