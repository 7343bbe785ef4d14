"""PySide6 6.12.0 loses a reference to None or True on every call and aborts Python 3.11 within seconds."""

import subprocess
import sys

_PROGRAM = """
from PySide6.QtCore import QCoreApplication, QObject, Signal

class Source(QObject):
    changed = Signal(bool)

app = QCoreApplication([])
source = Source()
received = []
source.changed.connect(received.append)
for _ in range(20_000):
    source.changed.emit(True)
    app.processEvents()
print(len(received))
"""


def test_twenty_thousand_signals_do_not_abort_the_process() -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "20000"
