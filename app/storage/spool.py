"""Records on disk in their order, while the database cannot take them: append-only segment files with checksums.

A segment is ``HAIHESP1``, the run of the engine that wrote it (32 ASCII characters), then records: length of the
payload, CRC-32 of all that follows, number of the last item, count of items (little-endian, 4 + 4 + 8 + 4 bytes), and
the payload. A record that was cut off, or that does not match its checksum, ends its segment.
"""

import logging
import os
import secrets
import struct
import zlib
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import BinaryIO, Final

from app.project.atomic import sync_folder

log = logging.getLogger(__name__)

_MAGIC: Final = b"HAIHESP1"
_HEAD: Final = len(_MAGIC) + 32
_RECORD: Final = struct.Struct("<IIQI")
_REST: Final = struct.Struct("<QI")


@dataclass(frozen=True, slots=True)
class SpoolRecord:
    """Items stored together. ``number`` is that of the last one; ``run`` says whose numbers these are."""

    run: str
    number: int
    count: int
    payload: bytes
    segment: Path
    end: int


@dataclass(slots=True)
class _Segment:
    path: Path
    run: str
    size: int
    items: int
    at: int = _HEAD
    """Where the oldest record begins that was not discarded."""


class Spool:
    """Used by one thread. Raises OSError where the disk does not take or give what it should."""

    def __init__(
        self, folder: Path, limit_bytes: int, *, durable: bool, segment_bytes: int = 4 * 2**20, run: str = ""
    ) -> None:
        """Open a folder; what earlier runs left is read first.

        ``durable``: a record survives a power cut when ``append`` returns, not only the end of the process.
        ``run``: name of this one, 32 ASCII characters; one is made where none is given.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.run: Final = run or secrets.token_hex(16)
        self.dropped = 0
        """Items dropped since start: the oldest, when the limit was reached, and damaged ones as far as known."""
        self._folder, self._limit, self._durable = folder, limit_bytes, durable
        self._segment_bytes = min(segment_bytes, max(1, limit_bytes // 4))
        self._file: FileIO | None = None
        self._stuck: set[str] = set()
        paths = sorted(path for path in folder.glob("*.spool") if path.stem.isdecimal())
        self._segments = [found for path in paths if (found := _scan(path))]
        self._ordinal = 1 + max((int(path.stem) for path in paths), default=0)

    @property
    def items(self) -> int:
        """Items that wait."""
        return sum(each.items for each in self._segments)

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(each.size for each in self._segments)

    @property
    def runs(self) -> frozenset[str]:
        """Runs that have items here, or whose files cannot be removed."""
        return frozenset(each.run for each in self._segments) | self._stuck

    def append(self, number: int, count: int, payload: bytes) -> None:
        """Add a record of this run; the oldest segments go where the limit is passed."""
        if self._file is None or self._segments[-1].size >= self._segment_bytes:
            self._begin()
        file, segment = self._file, self._segments[-1]
        assert file is not None  # noqa: S101 - _begin made it
        rest = _REST.pack(number, count) + payload
        try:
            _write(file, struct.pack("<II", len(payload), zlib.crc32(rest)) + rest)
            if self._durable:
                os.fdatasync(file.fileno())
        except OSError:
            self._close()  # half a record may be there: what comes later goes into a segment of its own
            if segment.items:
                os.truncate(segment.path, segment.size)
            else:
                self._remove(segment)
            raise
        segment.size += _RECORD.size + len(payload)
        segment.items += count
        while self.size > self._limit and len(self._segments) > 1:
            gone = self._segments[0]
            self.dropped += gone.items
            self._remove(gone)
            log.error("the spool %s is full: its %d oldest items were dropped", self._folder, gone.items)

    def read(self) -> SpoolRecord | None:
        """Return the oldest record, again and again until it is discarded."""
        while self._segments:
            segment = self._segments[0]
            if segment.items and (record := _read(segment)):
                return record
            if segment.items:
                log.error("%s is damaged or gone: %d items are lost", segment.path, segment.items)
            self.dropped += segment.items
            self._remove(segment)
        return None

    def discard(self, record: SpoolRecord) -> None:
        """Forget the record read last, which is stored; it may be gone already because the limit was passed."""
        segment = self._segments[0] if self._segments else None
        if segment is None or segment.path != record.segment:
            self.dropped -= record.count
            return
        segment.at, segment.items = record.end, segment.items - record.count
        if segment.at >= segment.size:
            self._remove(segment)

    def close(self) -> None:
        """Close the file; what waits stays."""
        self._close()

    def _begin(self) -> None:
        """Begin a segment; where that fails nothing of it stays, and the next record tries again."""
        self._close()
        path = self._folder / f"{self._ordinal:08d}.spool"
        self._ordinal += 1
        file = open(path, "xb", buffering=0, opener=_private)  # noqa: SIM115 - it stays open
        try:
            _write(file, _MAGIC + self.run.encode())
            if self._durable:
                sync_folder(self._folder)
        except OSError:
            file.close()
            path.unlink(missing_ok=True)
            raise
        self._file = file
        self._segments.append(_Segment(path, self.run, _HEAD, 0))

    def _remove(self, segment: _Segment) -> None:
        if segment is self._segments[-1]:
            self._close()
        self._segments.remove(segment)
        try:
            segment.path.unlink(missing_ok=True)
            if segment.run != self.run:
                sync_folder(self._folder)  # it must not come back after a power cut, when nobody knows its run any more
        except OSError as error:
            self._stuck.add(segment.run)
            log.error("%s cannot be removed, the next engine reads it again: %s", segment.path, error)

    def _close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _write(file: FileIO, data: bytes) -> None:
    """Write all of it: a disk that fills up takes the beginning, and refuses only what is left."""
    left = memoryview(data)
    while left:
        left = left[file.write(left) :]


def _read(segment: _Segment) -> SpoolRecord | None:
    try:
        with segment.path.open("rb") as file:
            file.seek(segment.at)
            return _next(file, segment)
    except FileNotFoundError:
        return None


def _next(file: BinaryIO, segment: _Segment) -> SpoolRecord | None:
    head = file.read(_RECORD.size)
    if len(head) < _RECORD.size:
        return None
    length, checksum, number, count = _RECORD.unpack(head)
    payload = file.read(length)
    if len(payload) < length or zlib.crc32(head[8:] + payload) != checksum:
        return None
    return SpoolRecord(segment.run, number, count, payload, segment.path, file.tell())


def _scan(path: Path) -> _Segment | None:
    """Return what a segment of an earlier run holds; an empty one is removed, one that cannot be read stays."""
    try:
        return _measure(path)
    except OSError as error:
        log.error("%s cannot be read, its items wait for the next engine: %s", path, error)
        return None


def _measure(path: Path) -> _Segment | None:
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_HEAD)
        if len(head) == _HEAD and head.startswith(_MAGIC):
            segment = _Segment(path, head[len(_MAGIC) :].decode("ascii", "replace"), _HEAD, 0)
            while record := _next(file, segment):
                segment.size, segment.items = record.end, segment.items + record.count
            if segment.size < size:
                log.warning("%s: %d bytes at its end are cut off or damaged", path, size - segment.size)
            if segment.items:
                return segment
    path.unlink()
    return None
