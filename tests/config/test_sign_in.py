"""Signing in: wrong passwords are bounded by account, by address and by both."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

pytestmark = pytest.mark.django_db

HOME, ELSEWHERE = "203.0.113.1", "203.0.113.2"


@pytest.fixture(autouse=True)
def guarded(settings: Settings, alice: User) -> None:
    """Count failures, as everywhere but in other tests."""
    settings.AXES_ENABLED = True
    alice.set_password("right")
    alice.save()


def sign_in(name: str, password: str, address: str, browser: str = "") -> int:
    """Return the status of one try."""
    form = {"username": name, "password": password}
    headers = {"User-Agent": browser}
    return Client().post("/login/", form, headers=headers, REMOTE_ADDR=address).status_code


def failed(number: int, name: str, address: str) -> None:
    """Store failures as the handler counts them."""
    AccessAttempt.objects.create(
        username=name,
        ip_address=address,
        user_agent=f"{name}{address}",
        failures_since_start=number,
    )


def guess(name: str, *addresses: str, times: int) -> None:
    """Fail so often at each address, always less than closes an account at one address."""
    for address in addresses:
        failed(times - 1, name, address)
        sign_in(name, "wrong", address, browser=f"{name}{address}")


def test_one_account_at_one_address_has_ten_tries() -> None:
    for _ in range(9):
        assert sign_in("alice", "wrong", ELSEWHERE) == 200
    assert sign_in("alice", "wrong", ELSEWHERE) == 429
    assert sign_in("alice", "right", ELSEWHERE) == 429
    assert sign_in("alice", "right", HOME) == 302


def test_guesses_at_one_account_from_many_addresses_close_it() -> None:
    guess("alice", *[f"198.51.100.{number}" for number in range(5)], times=9)
    assert sign_in("alice", "right", ELSEWHERE) == 429
    assert sign_in("bob", "wrong", ELSEWHERE) == 200


def test_an_account_stays_open_where_it_signed_in_before() -> None:
    assert sign_in("alice", "right", HOME) == 302
    guess("alice", *[f"198.51.100.{number}" for number in range(5)], times=9)
    assert sign_in("alice", "wrong", HOME) == 200
    assert sign_in("alice", "right", HOME) == 302
    assert sign_in("alice", "right", ELSEWHERE) == 429


def test_a_familiar_address_has_its_own_bound() -> None:
    assert sign_in("alice", "right", HOME) == 302
    guess("alice", HOME, times=10)
    assert sign_in("alice", "right", HOME) == 429


def test_one_address_does_not_try_many_names() -> None:
    for number in range(15):
        guess(f"name{number}", ELSEWHERE, times=2)
    assert sign_in("alice", "right", ELSEWHERE) == 429
    assert sign_in("alice", "right", HOME) == 302


def test_a_success_does_not_forgive_guesses_at_other_names() -> None:
    failed(29, "bob", ELSEWHERE)
    assert sign_in("alice", "right", ELSEWHERE) == 302
    assert sign_in("carol", "wrong", ELSEWHERE) == 429
    assert sign_in("alice", "right", ELSEWHERE) == 302


def test_a_network_of_ipv6_is_one_address() -> None:
    for number in range(10):
        sign_in("alice", "wrong", f"2001:db8::{number}:1")
    assert sign_in("alice", "right", "2001:db8::ffff:9") == 429
    assert sign_in("alice", "right", "2001:db8:0:1::9") == 302


def test_another_browser_does_not_help() -> None:
    for number in range(10):
        sign_in("alice", "wrong", ELSEWHERE, browser=str(number))
    assert sign_in("alice", "right", ELSEWHERE, browser="new") == 429


def test_it_opens_again_although_the_guesses_go_on() -> None:
    failed(10, "alice", ELSEWHERE)
    AccessAttempt.objects.update(
        attempt_time=AccessAttempt.objects.get().attempt_time - timedelta(minutes=14)
    )
    assert sign_in("alice", "wrong", ELSEWHERE) == 429
    AccessAttempt.objects.update(
        attempt_time=AccessAttempt.objects.get().attempt_time - timedelta(minutes=2)
    )
    assert sign_in("alice", "right", ELSEWHERE) == 302
    assert AccessLog.objects.count() == 1


@pytest.mark.parametrize("path", ["/login/", "/admin/login/"])
def test_the_refusal_says_how_long(path: str) -> None:
    failed(10, "alice", ELSEWHERE)
    form = {"username": "alice", "password": "right"}
    response = Client().post(path, form, REMOTE_ADDR=ELSEWHERE)
    assert response.status_code == 429
    assert 880 < int(response["Retry-After"]) <= 900
    text = response.content.decode()
    assert "Try again in 15 minutes." in text
    assert 'class="missing__number"' in text
    assert f'href="{path}"' in text
