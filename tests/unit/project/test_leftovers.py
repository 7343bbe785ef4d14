"""What a killed export leaves beside its file goes with a later one, and nothing else does."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.project.atomic import replacing

DAY_S = 86_400
KILLED = """
import os, signal, sys
from pathlib import Path
from app.project.atomic import replacing
with replacing(Path(sys.argv[1])) as made:
    made.write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def write(folder: Path) -> None:
    with replacing(folder / "out.csv") as made:
        made.write_text("whole")


def age(path: Path, seconds: float) -> None:
    at = time.time() - seconds
    os.utime(path, (at, at), follow_symlinks=False)


def leftover(folder: Path, name: str, age_s: float = 2 * DAY_S) -> Path:
    made = folder / name
    made.mkdir()
    (made / "half.csv").write_text("half")
    for each in (made / "half.csv", made):
        age(each, age_s)
    return made


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such kill")
def test_the_folder_of_a_killed_export_goes_a_day_later(tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "out.csv")], check=False)
    assert ended.returncode == -signal.SIGKILL
    [left] = tmp_path.iterdir()
    write(tmp_path)
    assert sorted(tmp_path.iterdir()) == [left, tmp_path / "out.csv"]  # somebody may still be writing there
    for each in (*left.iterdir(), left):
        age(each, DAY_S + 60)
    write(tmp_path)
    assert list(tmp_path.iterdir()) == [tmp_path / "out.csv"]


def test_what_is_not_sure_to_be_a_leftover_stays(tmp_path: Path) -> None:
    elsewhere = leftover(tmp_path, "elsewhere")
    old = leftover(tmp_path, ".haihe-abc_0123")
    stays = [
        leftover(tmp_path, ".haihe-youngfol", age_s=DAY_S - 3600),
        leftover(tmp_path, ".haihe-notes"),
        leftover(tmp_path, ".haihe-withdirs"),
        leftover(tmp_path, ".haihe-growing1"),
        leftover(tmp_path, ".haihe-withlink"),
        tmp_path / ".haihe-linklink",
        tmp_path / ".haihe-afileabc",
    ]
    (stays[2] / "folder").mkdir()
    (stays[4] / "link").symlink_to(elsewhere / "half.csv")
    stays[5].symlink_to(elsewhere)
    stays[6].write_text("")
    for path in (stays[2] / "folder", stays[2], stays[4] / "link", *stays[4:]):
        age(path, 2 * DAY_S)
    os.utime(stays[3] / "half.csv")
    write(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([*stays, elsewhere, tmp_path / "out.csv"])
    assert not old.exists()
    assert (elsewhere / "half.csv").read_text() == "half"
    assert all((each / "half.csv").exists() for each in stays[:5])
