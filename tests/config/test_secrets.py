"""Secrets of the environment: in no ``repr``, no refusal and no page of errors."""

import copy
import pprint

import pytest
from django.conf import settings

from config import env

KEY = "k3y-" * 10
EVERYWHERE = "0.0.0.0"  # noqa: S104
SECRETS = {
    "SECRET_KEY": KEY,
    "LLM_API_KEY": "sk-hunter2",
    "METRICS_TOKEN": "hunter3",
    "DATABASE_URL": "postgres://me:hunter4@db.example/desk?sslpassword=hunter5",
    "REDIS_URL": "redis://:hunter6@redis.example/0",
    "SENTRY_DSN": "https://hunter7@sentry.example/1",
    "LLM_BASE_URL": "https://me:hunter8@models.example/v1",
    "WHATSAPP_GRAPH_URL": "https://graph.example/?token=hunter9",
}


def test_the_environment_shows_no_secret() -> None:
    read = env.read(SECRETS)
    for shown in (repr(read), str(read), f"{read}", pprint.pformat(copy.deepcopy(read))):
        assert "hunter" not in shown
        assert KEY not in shown


def test_a_secret_is_whole_for_who_uses_it() -> None:
    read = env.read(SECRETS)
    assert read.secret_key == KEY
    assert f"Bearer {read.llm_api_key}" == "Bearer sk-hunter2"
    assert read.database["PASSWORD"] == "hunter4"
    assert str(read.redis_url) == SECRETS["REDIS_URL"]


def test_the_settings_show_no_secret() -> None:
    for name in ("SECRET_KEY", "ENV"):
        assert settings.ENV.secret_key not in repr(getattr(settings, name))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgres://me:hunter2@db.example:port/desk"),
        ("DATABASE_URL", "mysql://me:hunter2@db.example/desk"),
        ("DATABASE_URL", "me:hunter2@db.example"),
        ("DATABASE_URL", "postgres://me:hunt@er2@db.example"),
        ("REDIS_URL", "redis//:hunter2@redis.example"),
        ("REDIS_URL", "amqp://redis.example?password=hunter2"),
        ("SENTRY_DSN", "sentry://hunter2@sentry.example/1"),
        ("LLM_BASE_URL", "me:hunter2@models.example"),
    ],
)
def test_a_refusal_shows_no_password(name: str, value: str) -> None:
    with pytest.raises(env.MalformedError) as refusal:
        env.read({"SECRET_KEY": KEY, name: value})
    assert str(refusal.value).startswith(f"{name} must be ")
    assert "hunter2" not in str(refusal.value)
    assert "er2" not in str(refusal.value)


@pytest.mark.parametrize("host", [EVERYWHERE, "::", "192.0.2.1", "desk.example", "::ffff:10.0.0.1"])
def test_debug_does_not_start_where_others_reach_it(host: str) -> None:
    with pytest.raises(env.MalformedError, match=r"HOST must be .* ALLOW_UNSAFE_HOST=on"):
        env.read({"SECRET_KEY": KEY, "DEBUG": "on", "HOST": host})


@pytest.mark.parametrize("host", ["", "localhost", "desk.localhost", "127.0.0.2", "::1", "[::1]"])
def test_debug_starts_on_this_machine(host: str) -> None:
    assert env.read({"SECRET_KEY": KEY, "DEBUG": "on", "HOST": host}).debug


@pytest.mark.parametrize("others", [{"DEBUG": "off"}, {"DEBUG": "on", "ALLOW_UNSAFE_HOST": "on"}])
def test_others_reach_it_without_debug_or_where_it_is_asked_for(others: dict[str, str]) -> None:
    assert env.read({"SECRET_KEY": KEY, "HOST": EVERYWHERE, **others}).host == EVERYWHERE
