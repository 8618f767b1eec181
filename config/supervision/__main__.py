"""``python -m config.supervision``: run a whole Parley until it is told to stop."""

import os
import sys

from config import env
from config.supervision import instance, preparation, watch


def main() -> int:
    """Prepare, start, announce, wait; the exit code is 0 after a stop that was asked for."""
    os.environ.setdefault("DEBUG", "on")
    place = instance.open_instance(env.read(os.environ), os.environ)
    with place.lock():
        preparation.prepare(place)
        place.write_run_file()
        return watch.run(place)


if __name__ == "__main__":
    sys.exit(main())
