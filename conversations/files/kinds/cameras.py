"""Raw pictures of cameras, told apart from other files in the same forms by a bounded look."""

import struct
from collections.abc import Iterator

MOST_LISTS = 12
"""Lists of tags that are looked at; a camera writes three to six."""
MOST_TAGS = 200
ENDINGS = frozenset(
    [
        *("cr2", "nef", "nrw", "arw", "sr2", "srf", "dng", "gpr", "pef", "srw", "3fr", "fff"),
        *("iiq", "mos", "erf", "dcr", "kdc", "mef", "rwl"),
    ]
)
"""Of files that are TIFF by their first bytes and that no scanner writes."""
_BEGINNINGS = (
    *(b"IIRO\x08\x00\x00\x00", b"IIRS\x08\x00\x00\x00", b"MMOR\x00\x00\x00\x08"),
    *(b"IIU\x00", b"FUJIFILMCCD-RAW 02", b"FOVb\x00\x00", b"\x00MRM\x00"),
)
_CANON = b"CR"
_BRAND = b"ftypcrx "
_ORDERS = {b"II*\x00": "<", b"MM\x00*": ">"}
_HEAD, _TAG = 8, 12
_PHOTOMETRIC, _MORE_LISTS, _DNG_VERSION = 262, 330, 50706
_OF_SENSORS = frozenset({32803, 34892})
"""How colours are meant that have not been made of what the sensor saw."""
_SHORT = 3


def is_raw(data: bytes, ending: str) -> bool:
    """Return whether it is what a sensor saw; ``ending`` counts where it might be a scan, too."""
    if data.startswith(_BEGINNINGS) or data[4:12] == _BRAND:
        return True
    order = _ORDERS.get(data[:4])
    if order is None:
        return False
    is_named = ending in ENDINGS or data[8:10] == _CANON
    return is_named or any(_is_of_sensor(*tag) for tag in _tags(data, order))


def _is_of_sensor(tag: int, value: int) -> bool:
    return tag == _DNG_VERSION or (tag == _PHOTOMETRIC and value in _OF_SENSORS)


def _tags(data: bytes, order: str) -> Iterator[tuple[int, int]]:
    """Yield the tags of all lists, each with its value or the place of its values."""
    places = [*_numbers(data, 4, 1, order)]
    known: set[int] = set()
    while places and len(known) < MOST_LISTS:
        place = places.pop(0)
        count = int.from_bytes(data[place : place + 2], "little" if order == "<" else "big")
        if place in known or not 0 < count <= MOST_TAGS:
            continue
        known.add(place)
        end = place + 2 + _TAG * count
        for start in range(place + 2, min(end, len(data) - _TAG + 1), _TAG):
            tag, form, number = struct.unpack_from(f"{order}HHI", data, start)
            short = struct.unpack_from(f"{order}H", data, start + 8)[0]
            (value,) = _numbers(data, start + 8, 1, order)
            yield tag, short if form == _SHORT else value
            if tag == _MORE_LISTS:
                places += [value] if number == 1 else _numbers(data, value, number, order)
        places += _numbers(data, end, 1, order)


def _numbers(data: bytes, place: int, count: int, order: str) -> list[int]:
    """Return some numbers of four bytes; none where the file ends before."""
    count = min(count, MOST_LISTS)
    if place < _HEAD // 2 or place + 4 * count > len(data):
        return []
    return list(struct.unpack_from(f"{order}{count}I", data, place))
