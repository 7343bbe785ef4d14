"""What threads leave behind in the C library's heaps, in a process of its own."""

import ctypes
import subprocess
import sys

import pytest

from app.engine.heap import LARGE

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "gnu_get_libc_version"), reason="of glibc"
)

_PROCESS = """\
import ctypes, tempfile, threading
from app.engine.heap import share_one_heap

libc = ctypes.CDLL(None)
libc.malloc.restype = libc.fopen.restype = ctypes.c_void_p
libc.malloc.argtypes = [ctypes.c_size_t]
libc.free.argtypes = libc.fclose.argtypes = [ctypes.c_void_p]
libc.fopen.argtypes = [ctypes.c_char_p, ctypes.c_char_p]
libc.malloc_info.argtypes = [ctypes.c_int, ctypes.c_void_p]

SHARE
def work():
    for size in (SIZES):
        libc.free(libc.malloc(size))

for _ in range(4):
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
with tempfile.NamedTemporaryFile() as file:
    stream = libc.fopen(file.name.encode(), b"w")
    libc.malloc_info(0, stream)
    libc.fclose(stream)
    print(file.read().decode())
"""


SIZES = f"1000, {LARGE // 2}, {2 * LARGE}, {64 * LARGE}, {32 * LARGE}, {16 * LARGE}"


def told(share: str, sizes: str = SIZES) -> str:
    """Return what the C library says of its heaps after threads took and gave back blocks of these sizes."""
    script = _PROCESS.replace("SHARE", share).replace("SIZES", sizes)
    return subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout


def kept(report: str) -> int:
    """Return how many bytes stand in all heaps."""
    (size,) = [line for line in report.splitlines() if 'type="current"' in line][-1:]
    return int(size.split('size="')[1].split('"')[0])


def test_threads_share_one_heap() -> None:
    assert told("").count("<heap nr=") > 1, "else the test shows nothing"
    assert told("assert share_one_heap()").count("<heap nr=") == 1


def test_a_large_block_is_gone_when_it_is_free() -> None:
    few, many = (told("assert share_one_heap()", sizes) for sizes in ("1000,", SIZES))
    assert kept(many) - kept(few) < 4 * LARGE
    assert kept(told("")) - kept(few) > 16 * LARGE, "else the test shows nothing"
