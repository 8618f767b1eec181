"""Preparing an instance before its processes start, again only when something changed."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from config import catalogues, env
from config.supervision.instance import Instance

_STAMP = "prepared"
_DEMO = "demo-loaded"


def prepare(place: Instance) -> None:
    """Compile the catalogues, migrate the database, and load the demo data."""
    catalogues.compile_stale()
    stamp = place.runtime_dir / _STAMP
    wanted = fingerprint(place)
    is_prepared = stamp.exists() and stamp.read_text() == wanted and _is_kept_here(place)
    if not is_prepared:
        sys.stdout.write("Preparing the database…\n")
        sys.stdout.flush()
        _manage(place, "migrate", "--verbosity=0")
    if place.environment.debug:
        _load_demo(place)
    stamp.write_text(wanted)


def _load_demo(place: Instance) -> None:
    """Load the demo data, the first time and when its tools have to call another address."""
    loaded = place.runtime_dir / _DEMO
    orders = place.variables.get("DEMO_ORDERS_URL", "")
    if not loaded.exists() or loaded.read_text() != orders:
        _manage(place, "demo")
        loaded.write_text(orders)


def refuse_known_logins(place: Instance) -> None:
    """Stop where other machines would reach a database that has the demo's logins."""
    host = place.environment.host
    is_safe = env.is_loopback(host) or place.environment.allow_unsafe_host
    if not is_safe and (place.runtime_dir / _DEMO).exists():
        raise env.MalformedError("HOST", env.UNSAFE_LOGINS, host)


def _manage(place: Instance, *arguments: str) -> None:
    command = [sys.executable, "manage.py", *arguments]
    names = {"DEBUG", "DEMO_ORDERS_URL", "OUTGOING_ALLOW"}
    handed_on = {name: value for name, value in place.variables.items() if name in names}
    done = subprocess.run(
        command,
        cwd=env.ROOT,
        # Without the embedded Redis, which does not run yet: hints of the demo data go nowhere.
        env={**os.environ, **handed_on, "DATA_DIR": str(place.data_dir)},
        stdout=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        sys.exit(f"manage.py {arguments[0]} failed; the reason stands above.")


def _is_kept_here(place: Instance) -> bool:
    """Return whether the database is the file that was prepared, still there."""
    database = place.environment.database
    return "sqlite" in database["ENGINE"] and Path(database["NAME"]).exists()


def fingerprint(place: Instance) -> str:
    """Changes with every migration, every pinned dependency and every other database.

    Where ``DATA_DIR`` lies does not matter: a folder may be moved or copied with its database.
    """
    database = str(place.environment.database).replace(str(place.data_dir), "")
    digest = hashlib.sha256(database.encode())
    for path in [env.ROOT / "requirements" / "base.txt", *sorted(env.ROOT.glob(_MIGRATIONS))]:
        digest.update(str(path.relative_to(env.ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


_MIGRATIONS = "[a-z]*/**/migrations/*.py"
