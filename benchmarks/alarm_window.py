"""A console's window that tells how it keeps up with alarms: ``python -m benchmarks.alarm_window PROJECT``.

Orders on stdin, one a line: ``until ROWS`` is answered by ``ROWS TIME_NS`` once its list has so many rows; ``clicks``
begins to count anew what ``report`` answers: ``CLICKS NUMBER P99_MS MAX_MS``. A click is an event that another thread
posts every 20 ms; it waits as long as a mouse's would. Each alarm that is raised while no flood is awaited is told as
``RAISED ID TIME_IN_NS TIME_NS``. Prints READY once it knows the alarms; ends with its stdin.
"""

import statistics
import sys
import threading
import time
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from app.console.console import Console
from app.console.main import make_application
from app.console.places import Place
from app.project import load_plant
from app.project.state import console_settings_path
from widgets.alarms.row import AlarmRow

CLICK_S: Final = 0.02
LOOK_MS: Final = 20


class Clicks(QObject):
    """Posts an event every 20 ms from a thread of its own, and notes how long each waited (ms)."""

    posted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.waited_ms: list[float] = []
        self._end = threading.Event()
        self.posted.connect(self._answer)
        self._thread = threading.Thread(target=self._post, name="clicks")
        self._thread.start()

    def end(self) -> None:
        """Post no more."""
        self._end.set()
        self._thread.join()

    def _post(self) -> None:
        while not self._end.wait(CLICK_S):
            self.posted.emit(time.monotonic_ns())

    def _answer(self, posted_ns: int) -> None:
        self.waited_ms.append((time.monotonic_ns() - posted_ns) / 1e6)


class Window(QObject):
    """Answers the orders of the benchmark. GUI thread, but for ``read``."""

    ordered = Signal(str)

    def __init__(self, project: Path) -> None:
        super().__init__()
        self.application = make_application()
        plant = load_plant(project)
        settings = console_settings_path(plant.id).with_name("benchmark.ini")
        self.console = Console(plant, settings, supervise=False)
        self.book = self.console.context.book
        self.clicks = Clicks()
        self._awaited = 0
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self._see)
        self.ordered.connect(self._obey)
        self.book.raised.connect(self._raised)

    def run(self) -> None:
        """Show the list of alarms until stdin ends."""
        self.console.start(Place("alarms"))
        self._look.start()
        reader = threading.Thread(target=self._read, name="orders")
        reader.start()
        self.application.exec()
        self.clicks.end()
        reader.join()
        self.console.stop()

    def _read(self) -> None:
        for line in sys.stdin:
            self.ordered.emit(line.strip())
        self.ordered.emit("end")

    def _obey(self, order: str) -> None:
        what, _, number = order.partition(" ")
        if what == "until":
            self._awaited = int(number)
        elif what == "clicks":
            self.clicks.waited_ms.clear()
        elif what == "report":
            waited = self.clicks.waited_ms
            worst = statistics.quantiles(waited, n=100, method="inclusive")[98]
            print("CLICKS", len(waited), worst, max(waited), flush=True)
        elif what == "end":
            self.application.quit()

    def _see(self) -> None:
        if self._awaited < 0:
            return
        if self._awaited == 0:
            if self.book.known:
                self._awaited = -1
                print("READY", flush=True)
        elif len(self.book) >= self._awaited:
            print("ROWS", time.time_ns(), flush=True)
            self._awaited = -1

    def _raised(self, row: AlarmRow) -> None:
        if self._awaited < 0:
            shot = row.snapshot
            QTimer.singleShot(0, self, lambda: print("RAISED", shot.id, shot.time_in_ns, time.time_ns(), flush=True))


if __name__ == "__main__":
    Window(Path(sys.argv[1])).run()
