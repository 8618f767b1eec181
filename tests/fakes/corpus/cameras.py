"""Raw pictures of cameras: what the sensor saw, in the form of each maker."""

import struct
from collections.abc import Sequence

from tests.fakes import files
from tests.fakes.corpus.specimens import Fate, Right, Specimen

PHOTOMETRIC, MAKE, NEXT_LISTS, DNG_VERSION = 262, 271, 330, 50706
SENSOR, LINEAR = 32803, 34892
BYTES, LONG = 1, 4
HEAD = 8


def number(tag: int, value: int, order: str = "<") -> bytes:
    """Return an entry of a list of tags with one value."""
    return struct.pack(f"{order}HHII", tag, LONG, 1, value)


def listed(*entries: bytes, following: int = 0, order: str = "<") -> bytes:
    """Return a list of tags, and where the next one lies."""
    head = struct.pack(f"{order}H", len(entries))
    return head + b"".join(entries) + struct.pack(f"{order}I", following)


def tiff(
    *entries: bytes, inner: Sequence[bytes] = (), order: str = "<", mark: bytes = b""
) -> bytes:
    """Return a file in the form of a TIFF: a list of tags, and one within it that has ``inner``."""
    place = HEAD + 2 + 12 * (len(entries) + bool(inner)) + 4
    more = [number(NEXT_LISTS, place, order)] if inner else []
    magic = mark or (b"II*\0" if order == "<" else b"MM\0*")
    head = magic + struct.pack(f"{order}I", HEAD)
    within = listed(*inner, order=order) if inner else b""
    return head + listed(*entries, *more, order=order) + within + bytes(400)


def canon() -> bytes:
    """Return a CR2, which says so behind its head."""
    tags = listed(number(256, 5616), number(257, 3744))
    return b"II*\0" + struct.pack("<I", 16) + b"CR\x02\0" + bytes(4) + tags + bytes(400)


def specimens() -> list[Specimen]:
    """Return one picture of each maker."""
    jpeg = files.photo((90, 60))
    sensor, made = number(PHOTOMETRIC, SENSOR), number(MAKE, 0)
    large = number(PHOTOMETRIC, SENSOR, ">")
    brand = struct.pack(">I", 24) + b"ftypcrx \0\0\0\1crx isom"
    fuji = b"FUJIFILMCCD-RAW 0201FF389501X-T5\0\0\0".ljust(160, b"\0") + jpeg
    return [
        _raw("IMG_0001.CR2", canon()),
        _raw("IMG_0002.CR3", brand + struct.pack(">I", 408) + b"moov" + bytes(400)),
        _raw("DSC_0003.NEF", tiff(made, inner=[sensor])),
        _raw("big end.nef", tiff(number(MAKE, 0, ">"), inner=[large], order=">")),
        _raw("DSC_0004.ARW", tiff(made, inner=[number(254, 0), sensor])),
        _raw("phone.dng", tiff(struct.pack("<HHI4B", DNG_VERSION, BYTES, 4, 1, 4, 0, 0), made)),
        _raw("linear.dng", tiff(made, inner=[number(PHOTOMETRIC, LINEAR)])),
        _raw("IMGP0005.PEF", tiff(made, sensor)),
        _raw("P0006.ORF", tiff(made, mark=b"IIRO")),
        _raw("P0007.RW2", tiff(made, mark=b"IIU\0")),
        _raw("DSCF0008.RAF", fuji),
        _raw("a raw one called.tif", tiff(made, inner=[sensor])),
    ]


def _raw(name: str, data: bytes) -> Specimen:
    right = Right(
        fate=Fate.UNKNOWN,
        called=r"(?i)raw picture of a camera",
        told=(r"cannot be shown",),
        never=("TIFF", "recording", "film"),
        served="octet-stream",
    )
    return Specimen(name, lambda: data, right)
