"""Work that takes long, in a thread of its own: what it tells comes to the GUI thread, unless its owner is gone."""

import logging
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Final

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from app.model.errors import HaiheError

log = logging.getLogger(__name__)

_LOOK_MS: Final = 50
_QUIT_S: Final = 2.0


class GivenUp(Exception):
    """Nobody wants it any more."""


class Work:
    """The thread's side. It knows no QObject, for that may be deleted at any time."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.news: SimpleQueue[object] = SimpleQueue()
        self._answered = threading.Event()

    def look(self) -> None:
        """Raise GivenUp where nobody wants it any more; to be called often."""
        if self.stop.is_set():
            raise GivenUp

    def tell(self, news: object) -> None:
        """Tell the GUI thread something."""
        self.news.put(news)

    def ask(self, question: object) -> None:
        """Tell the GUI thread something, and wait until ``go_on``. Raises GivenUp."""
        self._answered.clear()
        self.tell(question)
        self._answered.wait()
        self.look()

    def go_on(self) -> None:
        """Answer a question. Any thread."""
        self._answered.set()

    def give_up(self) -> None:
        """Want it no more. Any thread; the work ends soon."""
        self.stop.set()
        self._answered.set()


class _Ended:
    def __init__(self, result: object = None, error: Exception | None = None) -> None:
        self.result, self.error = result, error


class Background(QObject):
    """One piece of work for an owner; it is given up with its owner, and with the program.

    Signals (GUI thread):
        told(object): what the work tells.
        done(object), failed(object): its result, or the HaiheError, OSError or GivenUp that ended it. One comes, last.

    """

    told = Signal(object)
    done = Signal(object)
    failed = Signal(object)

    def __init__(self, do: Callable[[Work], object], owner: QObject, name: str) -> None:
        """``do`` may raise HaiheError, OSError and GivenUp; ``start`` starts it."""
        super().__init__(owner)
        self.work = work = Work()

        def run() -> None:
            try:
                work.tell(_Ended(do(work)))
            except (HaiheError, OSError, GivenUp) as error:
                work.tell(_Ended(error=error))
            except Exception as error:  # the owner must not wait for ever; the log has what went wrong
                log.exception("%s failed", name)
                work.tell(_Ended(error=HaiheError(f"{type(error).__name__}: {error}")))

        self._thread = threading.Thread(target=run, name=name, daemon=True)
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self._deliver)
        owner.destroyed.connect(work.give_up)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self._quit)

    def start(self) -> None:
        """Start the thread."""
        self._timer.start()
        self._thread.start()

    def give_up(self) -> None:
        """Want it no more; ``failed`` follows soon."""
        self.work.give_up()

    def _deliver(self) -> None:
        while True:
            try:
                news = self.work.news.get_nowait()
            except Empty:
                return
            if not isinstance(news, _Ended):
                self.told.emit(news)
                continue
            self._timer.stop()
            if news.error is None:
                self.done.emit(news.result)
            else:
                self.failed.emit(news.error)
            self.deleteLater()
            return

    def _quit(self) -> None:
        self.work.give_up()
        if self._thread.is_alive():
            self._thread.join(_QUIT_S)
