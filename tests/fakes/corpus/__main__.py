"""``python -m tests.fakes.corpus FOLDER``: write all files into a folder."""

import sys
from pathlib import Path

from tests.fakes.corpus import specimens


def main(folder: Path) -> None:
    """Write the files, and print how many there are."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in specimens():
        (folder / one.name).write_bytes(one.data)
    sys.stdout.write(f"{len(specimens())} files in {folder}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
