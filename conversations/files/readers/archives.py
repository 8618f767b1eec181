"""Archives: the names and sizes of what they hold; nothing is unpacked to be read."""

import tarfile
import zipfile
from itertools import islice
from typing import IO

from channels_layer import sizes
from conversations.files import charsets
from conversations.files.readers.bounds import Text, counted

MOST_NAMES = 200
MOST_COUNTED = 5_000
_UTF8 = 0x800
_ENCRYPTED = 1
_GZIP = b"\x1f\x8b\x08"
_HAS_NAME, _HAS_EXTRA = 8, 4


def read(source: IO[bytes]) -> tuple[str, str]:
    """Return the names of an archive's files, and how many they are."""
    head = source.read(4096)
    source.seek(0)
    if head.startswith(b"PK"):
        return _zip(source)
    try:
        return _tar(source)
    except tarfile.TarError:
        return _packed_name(head) or "one file without a name here", counted(1, "file")


def _zip(source: IO[bytes]) -> tuple[str, str]:
    text = Text()
    with zipfile.ZipFile(source) as archive:
        members = [one for one in archive.infolist() if not one.is_dir()]
    for one in members[:MOST_NAMES]:
        locked = ", protected by a password" if one.flag_bits & _ENCRYPTED else ""
        text.add(f"{_name(one)} ({sizes.in_english(one.file_size)}{locked})")
    extent = _extent(len(members))
    is_locked = any(one.flag_bits & _ENCRYPTED for one in members)
    return text.whole(), f"{extent}, protected by a password" if is_locked else extent


def _name(member: zipfile.ZipInfo) -> str:
    """Return the name of an entry; one without a charset is in that of some computer."""
    if member.flag_bits & _UTF8 or member.filename.isascii():
        return member.filename
    try:
        found = charsets.decoded(member.orig_filename.encode("cp437"))
    except UnicodeEncodeError:
        return member.filename
    return found.text if found.is_sure else member.filename


def _tar(source: IO[bytes]) -> tuple[str, str]:
    text = Text()
    with tarfile.open(fileobj=source, mode="r:*", errors="replace") as archive:
        members = [one for one in islice(archive, MOST_COUNTED) if not one.isdir()]
    for one in members[:MOST_NAMES]:
        text.add(f"{one.name} ({sizes.in_english(one.size)})")
    return text.whole(), _extent(len(members))


def _extent(number: int) -> str:
    return counted(min(number, MOST_NAMES), "file", of=number)


def _packed_name(head: bytes) -> str:
    """Return the name of the one file that was packed, where the head bears it."""
    if not head.startswith(_GZIP) or not head[3] & _HAS_NAME or head[3] & _HAS_EXTRA:
        return ""
    return charsets.decoded(head[10:].partition(b"\x00")[0]).text
