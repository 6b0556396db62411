"""A page made and compressed once, though parts of it differ from visit to visit."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import chain, zip_longest

_GZIP = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
_LAST_BLOCK = b"\x03\x00"


class SlottedPage:
    """A page that lacks only what differs from visit to visit: each stands in a slot, marked in the made page.

    The parts between are compressed once, each by itself; a visit costs the checksum of what
    follows the first slot, and a few bytes.
    """

    def __init__(self, page: str, slots: Iterable[str]) -> None:
        found = re.split(f"({'|'.join(slots)})", page)
        self._slots = found[1::2]
        self._parts = [part.encode() for part in found[::2]]
        self._checksum = zlib.crc32(self._parts[0])
        self._length = sum(map(len, self._parts))

    def plain(self, values: Mapping[str, str]) -> bytes:
        """The page with a value in each slot."""
        return b"".join(chain.from_iterable(zip_longest(self._parts, self._filled(values), fillvalue=b"")))

    def gzipped(self, values: Mapping[str, str]) -> bytes:
        """The same, compressed (RFC 1952; the values in stored blocks of RFC 1951)."""
        filled = self._filled(values)
        stored = (struct.pack("<BHH", 0, len(value), len(value) ^ 0xFFFF) + value for value in filled)
        blocks = b"".join(chain.from_iterable(zip_longest(self._compressed, stored, fillvalue=b"")))
        checksum = self._checksum
        for value, part in zip(filled, self._parts[1:], strict=True):
            checksum = zlib.crc32(part, zlib.crc32(value, checksum))
        length = self._length + sum(map(len, filled))
        return _GZIP + blocks + _LAST_BLOCK + struct.pack("<II", checksum, length)

    @cached_property
    def _compressed(self) -> list[bytes]:
        return [_deflated(part) for part in self._parts]

    def _filled(self, values: Mapping[str, str]) -> list[bytes]:
        return [values[slot].encode() for slot in self._slots]


def _deflated(part: bytes) -> bytes:
    """Compressed blocks that end at a byte and that nothing after them looks back into."""
    compressor = zlib.compressobj(9, wbits=-15)
    return compressor.compress(part) + compressor.flush(zlib.Z_FULL_FLUSH)
