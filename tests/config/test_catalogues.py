"""The compiled catalogues of a deployment."""

from pathlib import Path
from shutil import copytree

import pytest
from django.core.management import call_command

from config import catalogues
from config.apps import _catalogues as found_by_the_check


def test_the_check_warns_until_the_command_has_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = copytree(catalogues.LOCALE, tmp_path / "locale")
    monkeypatch.setattr(catalogues, "LOCALE", copied)
    (copied / "de" / "LC_MESSAGES" / "django.mo").unlink()

    [warning] = found_by_the_check()
    call_command("catalogues")

    assert (warning.id, warning.msg) == ("config.W001", "These languages are not compiled: de.")
    assert found_by_the_check() == []
