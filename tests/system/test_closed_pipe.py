"""A command whose reader has gone, as with ``haihe check … | head``, ends without a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import resources

PROJECT = Path(resources.__path__[0]) / "projects" / "lingzhuang"


def test_a_closed_pipe_ends_a_command_quietly() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "main", "check", str(PROJECT)],
            cwd=Path(__file__).parents[2], stdout=writer, stderr=subprocess.PIPE, text=True, timeout=60, check=False,
        )  # fmt: skip
    finally:
        os.close(writer)
    assert done.stderr == ""
    assert done.returncode == 141
