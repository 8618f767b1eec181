"""``python -m config.supervision``: run a whole Parley until a signal stops it."""

import os
import sys

from config import env, private
from config.supervision import instance, preparation, watch


def main() -> int:
    """Prepare, start, announce, wait; the exit code is 0 after a requested stop."""
    private.keep_to_oneself()
    os.environ.setdefault("DEBUG", "on")
    place = instance.open_instance(env.read(os.environ), os.environ)
    with place.lock():
        preparation.refuse_known_logins(place)
        preparation.prepare(place)
        place.write_run_file()
        return watch.run(place)


if __name__ == "__main__":
    sys.exit(main())
