"""API keys, and the command that issues them."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from channels_layer.access import keys
from channels_layer.access.keys import ALL_SCOPES
from channels_layer.errors import InvalidError
from channels_layer.models import ApiKey
from tests.factories import NOON

pytestmark = pytest.mark.django_db


def command(*arguments: str) -> str:
    output = StringIO()
    call_command("createapikey", *arguments, stdout=output)
    return output.getvalue().strip()


def test_only_the_hash_is_stored() -> None:
    key, secret = keys.issue(name="Shop", scopes=["chats:read"], at=NOON)
    stored = " ".join(str(value) for value in ApiKey.objects.values().get().values())
    assert secret not in stored
    assert secret.startswith(key.prefix)
    assert len(secret) > 40
    assert str(key) == f"Shop ({key.prefix}…)"


def test_finds_a_valid_key_alone() -> None:
    key, secret = keys.issue(name="Shop", scopes=[], at=NOON)
    assert keys.find(secret, at=NOON) == key
    assert keys.find(secret[:-1], at=NOON) is None
    assert keys.find("", at=NOON) is None
    keys.revoke(key, at=NOON)
    assert keys.find(secret, at=NOON) is None


def test_notes_its_use_once_a_minute() -> None:
    _, secret = keys.issue(name="Shop", scopes=[], at=NOON)
    for seconds in (0, 30, 59):
        keys.find(secret, at=NOON + timedelta(seconds=seconds))
    assert ApiKey.objects.get().last_used_at == NOON
    later = NOON + timedelta(seconds=61)
    keys.find(secret, at=later)
    assert ApiKey.objects.get().last_used_at == later


def test_knows_its_scopes() -> None:
    with pytest.raises(InvalidError, match="chats:fly") as refusal:
        keys.issue(name="Shop", scopes=["chats:read", "chats:fly"], at=NOON)
    assert list(refusal.value.fields) == ["scopes"]


def test_the_command_prints_a_key_once() -> None:
    secret = command("Shop", "--scope", "chats:read", "--scope", "events:read", "chats:write")
    key = keys.find(secret, at=NOON)
    assert key is not None
    assert key.scopes == ["chats:read", "chats:write", "events:read"]


def test_the_command_knows_all_scopes() -> None:
    key = keys.find(command("Shop", "--scope", "all"), at=NOON)
    assert key is not None
    assert key.scopes == sorted(ALL_SCOPES)


def test_the_command_refuses_unknown_scopes_in_one_line() -> None:
    with pytest.raises(CommandError) as refusal:
        command("Shop", "--scope", "chats:read", "nonsense")
    assert "Unknown: nonsense." in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert not ApiKey.objects.exists()
