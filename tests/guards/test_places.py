"""Places: no committed file names a package index or a path of a developer's machine."""

import re

from tests.guards import files

# Written apart, so that this file passes its own test.
PLACES = re.compile(
    "|".join(
        [
            "pypi" + r"\.org",
            "python" + "hosted",
            "registry" + r"\.npmjs",
            "deb" + r"\.debian",
            r"(?<![\w.])/" + r"(?:root|home)/\w",
            r"(?<![\w./])/" + "work/",
            "--(?:extra-)?" + "index-url",
            "--find" + "-links",
        ]
    )
)


def test_no_file_names_a_package_index_or_a_machine() -> None:
    found = [
        f"{files.shown(path)}:{number}"
        for path in files.committed()
        if path.suffix not in {".png", ".ico", ".woff2", ".wav"}
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if PLACES.search(line)
    ]
    assert found == []


def test_every_pinned_package_has_a_hash() -> None:
    for name in ("uv", "base", "dev"):
        text = (files.ROOT / "requirements" / f"{name}.txt").read_text()
        packages = re.split(r"\n(?=[a-z0-9])", text.strip(), flags=re.IGNORECASE)
        assert all("--hash=sha256:" in package for package in packages), name
