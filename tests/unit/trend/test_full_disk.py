"""A store, a checkpoint or a restored store for which there is no room: one clear error, and what was there stays."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = """
import os, resource, sys
from pathlib import Path
from app.model.errors import StoreError
from app.trend import RetentionClass, SlotSpec, StoreReader, StoreWriter

folder, limited = Path(sys.argv[1]), sys.argv[2] == "limit"
KEPT = RetentionClass("x", 6400, (640,))

def refused(action, *words):
    try:
        action()
    except StoreError as error:
        assert all(word in str(error) for word in words), error
    else:
        raise AssertionError("not refused")

def store(name, slots, checkpoint=None):
    return StoreWriter(folder / name, [SlotSpec(f"t{n}", KEPT) for n in range(slots)], now_ns=0, checkpoint=checkpoint)

if limited:
    resource.setrlimit(resource.RLIMIT_FSIZE, (4 << 20, resource.RLIM_INFINITY))
refused(lambda: store("s", 100), str(folder / "s.new"), "cannot claim", "HAIHE_SHM")
assert os.listdir(folder) == []
writer = store("s", 8)
for n in range(50_000):
    assert writer.append(n % 8, n * 10**9, n / 7, 0, 0)
reader = StoreReader(folder / "s")
checkpoint = folder / "c"
reader.save_checkpoint(checkpoint)
before = checkpoint.read_bytes()
if limited:
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
else:
    with open(folder / "fill", "wb", buffering=0) as fill:
        try:
            while True:
                fill.write(bytes(65536))
        except OSError:
            pass
for _ in range(2):
    refused(lambda: reader.save_checkpoint(checkpoint), str(folder / "c.new"), "HAIHE_STATE")
    assert checkpoint.read_bytes() == before
    assert not (folder / "c.new").exists()
# a running writer that is to take other slots goes on with those that it has
refused(lambda: writer.successor([SlotSpec(f"u{n}", KEPT) for n in range(9)], now_ns=0), "cannot claim", "HAIHE_SHM")
assert not (folder / "s.new").exists()
assert writer.append(0, 10**15, 1.0, 0, 0)
writer.close()
refused(lambda: store("s", 9), "cannot claim", "HAIHE_SHM")
# a store that would come from a checkpoint: nothing is left of it, and the checkpoint stays for the next try
refused(lambda: store("r", 8, checkpoint), str(folder / "r.new"), "cannot claim", "HAIHE_SHM")
assert not [name for name in os.listdir(folder) if name.startswith(("r", "c."))]
assert checkpoint.read_bytes() == before
if limited:
    resource.setrlimit(resource.RLIMIT_FSIZE, (4 << 20, resource.RLIM_INFINITY))
else:
    (folder / "fill").unlink()
restored = store("r", 8, checkpoint)
assert restored.messages == [f"8 of 8 slots restored from checkpoint {checkpoint}"], restored.messages
assert StoreReader(folder / "r").sample(0).value == 49_992 / 7
restored.close()
writer = store("s", 8)
assert writer.append(0, 2 * 10**15, 1.0, 0, 0)
print("DONE")
"""


def run(words: list[str], folder: str, kind: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [*words, folder, kind], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stdout == "DONE\n", (done.returncode, done.stderr)


def test_a_limit_of_the_size_of_files(tmp_path: Path) -> None:
    run([sys.executable, "-c", SCRIPT], str(tmp_path), "limit")


def test_a_full_file_system(tmp_path: Path) -> None:
    """In a mount namespace of its own, where the system allows one: a tmpfs of 4 MiB is really full."""
    own = ["unshare", "-rm", "sh", "-c"]
    mount = f"mount -t tmpfs -o size=4m none {tmp_path}"
    if not shutil.which("unshare") or subprocess.run([*own, mount], capture_output=True, check=False).returncode:
        pytest.skip("this system does not let us mount a small file system (unshare -rm)")
    run([*own, f'{mount} && exec "$0" -c "$1" "$2" "$3"', sys.executable, SCRIPT], str(tmp_path), "full")
