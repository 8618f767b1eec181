"""What Parley writes: for its own user alone, also what a former version left open."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from config import env, private
from config.supervision import instance, processes
from tests.servers.parley import AppProcesses


def open_to_others(folder: Path) -> list[str]:
    """Return what others may read, write or enter, links left out."""
    found = [folder, *folder.rglob("*")]
    kept = [path for path in found if not path.is_symlink()]
    return [f"{path} {path.stat().st_mode:o}" for path in kept if path.stat().st_mode & 0o077]


def test_what_was_left_open_is_closed_at_the_start(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "data", tmp_path / "elsewhere"
    names = ["parley.sqlite3", "parley.sqlite3-wal", "parley.sqlite3-shm", "run.env", "secret_key"]
    names += ["media/2026/a.pdf", "log/web.log", "run/supervisord.conf", "redis/dump.rdb"]
    names += ["exports/a.csv", "static/a.js"]
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("k" * 40)
        (folder / name).chmod(0o664)
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o664)
    elsewhere.touch()
    elsewhere.chmod(0o644)
    (folder / "media" / "link").symlink_to(elsewhere)
    given = {"DEBUG": "on", "DATA_DIR": str(folder)}
    instance.open_instance(env.read(given), given)
    assert open_to_others(folder) == []
    assert stat.S_IMODE((folder / "media" / "2026").stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "run.env").stat().st_mode) == 0o600
    assert elsewhere.stat().st_mode & 0o044


def test_a_shared_folder_stays_what_it_is(tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.touch()
    other.chmod(0o644)
    tmp_path.chmod(0o1777)
    private.tighten(env.read({"SECRET_KEY": "k" * 40, "DATA_DIR": str(tmp_path)}))
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o1777
    assert stat.S_IMODE(other.stat().st_mode) == 0o644


def test_a_database_elsewhere_is_closed(tmp_path: Path) -> None:
    database = tmp_path / "desk.db"
    for ending in ("", "-wal", "-shm"):
        Path(f"{database}{ending}").touch()
        Path(f"{database}{ending}").chmod(0o644)
    given = {"DATABASE_URL": f"sqlite:///{database}", "DATA_DIR": str(tmp_path / "data")}
    (tmp_path / "data").mkdir()
    private.tighten(env.read({"SECRET_KEY": "k" * 40, **given}))
    assert open_to_others(tmp_path / "data") == []
    assert not any(path.stat().st_mode & 0o077 for path in tmp_path.glob("desk.db*"))


def test_the_supervisor_lets_no_process_open_anything(tmp_path: Path) -> None:
    given = {"DEBUG": "on", "DATA_DIR": str(tmp_path / "data")}
    place = instance.open_instance(env.read(given), given)
    assert "\numask=077\n" in processes.supervisor_settings(place)


@pytest.mark.slow
@pytest.mark.parametrize("debug", ["on", "off"])
def test_a_command_writes_for_its_user_alone(tmp_path: Path, debug: str) -> None:
    folder = tmp_path / "data"
    if debug == "off":
        folder.mkdir(mode=0o700)
    work = (
        "from django.core.files.base import ContentFile as File;"
        "from django.core.files.storage import default_storage as storage;"
        "from django.db import connection as database;"
        "storage.save('2026/a.txt', File(b'a'));"
        "database.cursor().execute('create table a (b)');"
        "import glob; assert glob.glob(str(storage.location) + '/../*-wal')"
    )
    given = {"DEBUG": debug, "DATA_DIR": str(folder), "SECRET_KEY": "k" * 40}
    subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", work],
        cwd=env.ROOT,
        env={"PATH": os.environ["PATH"], **given},
        check=True,
        umask=0o022,
    )
    assert (folder / "media" / "2026" / "a.txt").exists()
    assert open_to_others(folder) == []


@pytest.mark.browser
def test_a_running_instance_has_nothing_open(app: AppProcesses) -> None:
    of_the_test = app.data_dir / "output.log"
    found = open_to_others(app.data_dir)
    assert [line for line in found if str(of_the_test) not in line] == []
