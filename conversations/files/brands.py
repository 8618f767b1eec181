"""Brands of ISO containers: which of the files that begin with ``ftyp`` hold pictures."""

AVIF = frozenset({b"avif", b"avis"})
HEIF = AVIF | {
    *(b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"),
    *(b"mif1", b"mif2", b"mif3", b"msf1", b"miaf", b"MiHB", b"MiHE", b"MiPr", b"1pic"),
}
SEQUENCES = frozenset({b"hevc", b"hevx", b"hevm", b"hevs", b"msf1"})
"""Of pictures that move."""
_MOST = 64


def of(head: bytes) -> list[bytes]:
    """Return the brands of an ISO container, the major one first; none of any other file."""
    if head[4:8] != b"ftyp":
        return []
    end = min(int.from_bytes(head[:4], "big"), len(head), 16 + 4 * _MOST)
    return [head[8:12], *(head[place : place + 4] for place in range(16, end - 3, 4))]


def is_picture(head: bytes) -> bool:
    """Return whether the container holds pictures; the major brand says so."""
    return head[4:8] == b"ftyp" and head[8:12] in HEIF


def is_avif(head: bytes) -> bool:
    """Return whether the pictures are coded as AVIF, whatever the major brand is."""
    return bool(AVIF.intersection(of(head)))
