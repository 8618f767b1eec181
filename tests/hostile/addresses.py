"""Addresses that lead inside, or would, if one believed how they are written."""

from collections.abc import Iterator
from itertools import product

PUBLIC = "93.184.215.14"
GOOD = "graph.example"
"""A public name, whose server sends on to where its path says."""
MOVED = (301, 302, 303, 307, 308)

_WRITTEN = (
    "127.0.0.1",
    "2130706433",
    "0x7f000001",
    "017700000001",
    "127.1",
    "127.0.1",
    "0177.0.0.1",
    "0x7f.0.0.1",
    "0x7f.1",
    "127.0.0.1.",
    "00000177.0.0.0x1",
    "①②⑦.⓪.⓪.①",
    "⑴⑵⑺.0.0.1",
    "１２７.0.0.1",  # noqa: RUF001
    "127。0。0。1",
    "127%2e0%2e0%2e1",
    "%31%32%37.0.0.1",
    "127.0.0.1%00.example",
    "0",
    "0.0.0.0",  # noqa: S104
    "10.0.0.1",
    "172.16.0.1",
    "192.168.0.1",
    "169.254.169.254",
    "2852039166",
    "100.64.0.1",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "198.18.0.1",
    "192.88.99.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
)
_WRITTEN_V6 = (
    "::1",
    "::",
    "0:0:0:0:0:0:0:1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "0:0:0:0:0:ffff:7f00:0001",
    "::FFFF:A9FE:A9FE",
    "::ffff:0:127.0.0.1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "64:ff9b::7f00:1",
    "64:ff9b::169.254.169.254",
    "64:ff9b::a00:1",
    "64:ff9b:1::7f00:1",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
    "2001:db8::1",
    "fe80::1",
    "fe80::1%25eth0",
    "fe80::1%eth0",
    "::1%lo",
    "2606:4700:4700::1111%lo",
    "fc00::1",
    "fd00:ec2::254",
    "fec0::1",
    "ff02::1",
    "5f00::1",
)
NAMES: dict[str, list[list[str]]] = {
    GOOD: [[PUBLIC]],
    "localhost": [["::1", "127.0.0.1"]],
    "localhost.localdomain": [["127.0.0.1"]],
    "inside.example": [["10.0.0.1"]],
    "here.example": [["127.0.0.1"]],
    "mixed.example": [[PUBLIC, "127.0.0.1"]],
    "last.example": [["2606:4700:4700::1111", PUBLIC, "::ffff:7f00:1"]],
    "clouds.example": [["169.254.169.254"]],
    "zone.example": [["fe80::1%eth0"]],
    "nothing.example": [[]],
    "odd.example": [["not an address"]],
    "rebinds.example": [["127.0.0.1"], [PUBLIC], ["127.0.0.1"]],
    "xn--n3h.example": [["127.0.0.1"]],
    # What Meta's answer may name: the ending is Meta's, the address is not.
    "evil.fbcdn.net": [["127.0.0.1"]],
    "both.fbcdn.net": [[PUBLIC, "192.168.0.1"]],
}
"""The resolver's answers; it knows no other name."""
_NAMED = (
    "localhost",
    "localhost.",
    "LOCALHOST",
    "localhost.localdomain",
    "inside.example",
    "here.example",
    "here.example.",
    "mixed.example",
    "last.example",
    "clouds.example",
    "zone.example",
    "nothing.example",
    "odd.example",
    "rebinds.example",
    "☃.example",
    "unknown.example",
)
_WHOLE = (
    "https://evil.fbcdn.net/whatsapp",
    "https://both.fbcdn.net/whatsapp",
    "https://[::1]/",
    "https://localhost:8443/",
    "http://me:secret@here.example/",
    f"http://{GOOD}@here.example/",
    f"http://here.example@{GOOD}/",
    f"http://{GOOD}:80@here.example/",
    f"http://@{GOOD}@here.example/",
    f"http://here.example\\@{GOOD}/",
    f"http://{GOOD}\\@here.example/",
    f"http://here.example\\.{GOOD}/",
    f"http:\\\\{GOOD}\\",
    f"http://{GOOD}%40here.example/",
    f"http://here.example%23.{GOOD}/",
    f"http://{GOOD}\n.here.example/",
    f" http://{GOOD}/",
    "http:here.example/",
    "http:///here.example/",
    "//here.example/",
    "here.example",
    "",
    f"http://{GOOD}:22/",
    f"http://{GOOD}:25/",
    f"http://{GOOD}:6379/",
    f"http://{GOOD}:5432/",
    f"http://{GOOD}:11211/",
    f"http://{GOOD}:0/",
    f"http://{GOOD}:65616/",
    f"http://{GOOD}:-80/",
    f"gopher://{GOOD}:80/_x",
    f"ftp://{GOOD}/x",
    "file:///etc/passwd",
    f"ws://{GOOD}/",
    "javascript:alert(1)",
    "data:text/plain,x",
)
_INSIDE = ("http://127.0.0.1/", "http://here.example/", "//[::1]/", "http://rebinds.example/x")


def _redirects() -> Iterator[str]:
    for status, goal in product(MOVED, _INSIDE):
        yield f"http://{GOOD}/{status}?to={goal}"


def _written() -> Iterator[str]:
    for host in _WRITTEN:
        yield f"http://{host}/"
    for host in _WRITTEN_V6:
        yield f"http://[{host}]/"
    for host in _NAMED:
        yield f"http://{host}/"


URLS = [*_written(), *_WHOLE, *_redirects()]
