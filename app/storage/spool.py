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
from pathlib import Path
from typing import BinaryIO, Final

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

    def __init__(self, folder: Path, limit_bytes: int, *, durable: bool, segment_bytes: int = 4 * 2**20) -> None:
        """Open a folder; what earlier runs left is read first.

        ``durable``: a record survives a power cut when ``append`` returns, not only the end of the process.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.run: Final = secrets.token_hex(16)
        self.dropped = 0
        """Items dropped since start: the oldest, when the limit was reached, and damaged ones as far as known."""
        self._folder, self._limit, self._durable = folder, limit_bytes, durable
        self._segment_bytes = min(segment_bytes, max(1, limit_bytes // 4))
        self._file: BinaryIO | None = None
        self._segments = [found for path in sorted(folder.glob("*.spool")) if (found := _scan(path))]
        self._ordinal = 1 + max((int(each.path.stem) for each in self._segments), default=0)

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
        """Runs that have items here."""
        return frozenset(each.run for each in self._segments)

    def append(self, number: int, count: int, payload: bytes) -> None:
        """Add a record of this run; the oldest segments go where the limit is passed."""
        if self._file is None or self._segments[-1].size >= self._segment_bytes:
            self._begin()
        file, segment = self._file, self._segments[-1]
        assert file is not None  # noqa: S101 - _begin made it
        rest = _REST.pack(number, count) + payload
        try:
            file.write(struct.pack("<II", len(payload), zlib.crc32(rest)) + rest)
            file.flush()
            if self._durable:
                os.fdatasync(file.fileno())
        except OSError:
            self._close()  # half a record may be there: what comes later goes into a segment of its own
            os.truncate(segment.path, segment.size)
            raise
        segment.size += _RECORD.size + len(payload)
        segment.items += count
        while self.size > self._limit and len(self._segments) > 1:
            gone = self._segments.pop(0)
            self.dropped += gone.items
            gone.path.unlink(missing_ok=True)
            log.error("the spool %s is full: its %d oldest items were dropped", self._folder, gone.items)

    def read(self) -> SpoolRecord | None:
        """Return the oldest record, again and again until it is discarded."""
        while self._segments:
            segment = self._segments[0]
            if segment.items and (record := _read(segment)):
                return record
            self.dropped += segment.items
            self._remove(segment)
        return None

    def discard(self, record: SpoolRecord) -> None:
        """Forget the record read last; it may be gone already because the limit was passed."""
        segment = self._segments[0] if self._segments else None
        if segment is None or segment.path != record.segment:
            return
        segment.at, segment.items = record.end, segment.items - record.count
        if segment.at >= segment.size:
            self._remove(segment)

    def close(self) -> None:
        """Close the file; what waits stays."""
        self._close()

    def _begin(self) -> None:
        self._close()
        path = self._folder / f"{self._ordinal:08d}.spool"
        self._ordinal += 1
        self._file = open(path, "xb", opener=_private)  # noqa: SIM115 - it stays open
        self._file.write(_MAGIC + self.run.encode())
        self._segments.append(_Segment(path, self.run, _HEAD, 0))
        if self._durable:
            folder = os.open(self._folder, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def _remove(self, segment: _Segment) -> None:
        if segment is self._segments[-1]:
            self._close()
        self._segments.remove(segment)
        segment.path.unlink(missing_ok=True)

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _read(segment: _Segment) -> SpoolRecord | None:
    with segment.path.open("rb") as file:
        file.seek(segment.at)
        return _next(file, segment)


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
    """Return what a segment of an earlier run holds; one that holds nothing is removed."""
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
