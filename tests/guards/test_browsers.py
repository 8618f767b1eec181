"""Browsers: what exists on pages with TLS alone is called nowhere."""

import re

from tests.guards import files

SECURE_ONLY = re.compile(r"crypto\.(?:randomUUID|subtle)")


def test_pages_need_no_tls() -> None:
    found = [
        f"{files.shown(path)}:{number}"
        for path in files.committed("*.js")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if SECURE_ONLY.search(line)
    ]
    assert found == []
