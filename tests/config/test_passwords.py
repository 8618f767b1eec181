"""Passwords: common ones are refused wherever one is set, in disguise too, whatever DEBUG says."""

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from pytest_django import Settings

COMMON = ("password1", "Password1", "12345678901", "q1w2e3r4", "dora-dora")


@pytest.fixture(params=[True, False])
def debug(request: pytest.FixtureRequest, settings: Settings) -> None:
    """Try it in both modes."""
    settings.DEBUG = request.param


@pytest.mark.parametrize("password", ["Passw0rd!", "!!password!!", "qwerty123!!", "dragon-2026!"])
def test_a_common_password_in_disguise_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize(
    "password",
    ["password1!", "summer2026!!", "test-1234!", "2026love!!", "!!123456!!", f"password{24 * '!'}"],
)
def test_a_common_one_is_known_by_most_of_its_length(password: str) -> None:
    with pytest.raises(ValidationError, match="signs added"):
        validate_password(password)


@pytest.mark.parametrize(
    "password",
    [
        "84-x-71!2093847",
        "7391846205-dog-8837162",
        "4821-moon-937",
        "73-ash-9184!",
        "9_1-7!a!3-0_4",
        "7391846205.love.883716",
    ],
)
def test_a_short_common_one_makes_no_long_password_weak(password: str) -> None:
    validate_password(password)


@pytest.mark.parametrize("password", ["lantern-orchid-42", "password-of-the-dragon", "xK9!pq2#mW"])
def test_a_phrase_is_taken(password: str) -> None:
    validate_password(password)


@pytest.mark.django_db
@pytest.mark.usefixtures("debug")
@pytest.mark.parametrize("password", COMMON)
def test_the_command_refuses_them(monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", password)
    with pytest.raises(CommandError, match="password"):
        call_command("createsuperuser", "--noinput", username="dora-dora", email="d@desk.example")
    assert not User.objects.filter(username="dora-dora").exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("debug")
def test_the_command_takes_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "of no dictionary 7")
    call_command(
        "createsuperuser", "--noinput", username="dora", email="d@desk.example", verbosity=0
    )
    assert User.objects.get(username="dora").check_password("of no dictionary 7")


@pytest.mark.django_db
@pytest.mark.usefixtures("debug")
@pytest.mark.parametrize("page", ["add/", "{id}/password/"])
def test_the_administration_refuses_them(admin_client: Client, alice: User, page: str) -> None:
    before = alice.password
    form = {"username": "dora", "password1": "password1", "password2": "password1"}
    place = f"/admin/auth/user/{page.format(id=alice.pk)}"
    response = admin_client.post(place, {**form, "usable_password": "true"})
    assert response.status_code == 200
    assert "too common" in response.content.decode()
    assert not User.objects.filter(username="dora").exists()
    alice.refresh_from_db()
    assert alice.password == before
