"""The environment: what it means, and how a malformed value stops the start."""

from pathlib import Path

import pytest

from config import env

KEY = "k" * 40


def read(**variables: str) -> env.Environment:
    """Read ``variables``, with a key, so that nothing is written."""
    return env.read({"SECRET_KEY": KEY, **variables})


def test_everything_is_optional_but_the_key() -> None:
    read_back = read()
    assert read_back.port == 8000
    assert read_back.host == "127.0.0.1"
    assert not read_back.debug
    assert read_back.send_interval_seconds == 3
    assert read_back.upload_max_bytes == 10 * 1024 * 1024
    assert read_back.demo_model


def test_the_default_database_is_a_file_in_the_data_directory(tmp_path: Path) -> None:
    database = read(DATA_DIR=str(tmp_path)).database
    assert database["ENGINE"] == "django.db.backends.sqlite3"
    assert database["NAME"] == str(tmp_path / "parley.sqlite3")


def test_a_relative_data_directory_lies_in_the_project() -> None:
    assert read(DATA_DIR="var/second").data_dir == env.ROOT / "var" / "second"


def test_an_empty_variable_is_an_unset_one() -> None:
    assert read(PORT="", LOG_FORMAT="").port == 8000


def test_a_model_of_one_s_own_is_no_demo_model() -> None:
    own = read(LLM_BASE_URL="https://models.example/v1", LLM_MODEL="large")
    assert not own.demo_model
    assert own.llm_utility_model == "large"


def test_prices_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "prices.json"
    file.write_text('{"ours": {"input": 1.10, "output": "5", "minute": 2}}')

    found = read(MODEL_PRICES=str(file)).model_prices
    assert found == {"ours": {"input": "1.10", "output": "5", "minute": "2"}}


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"a": 1}', '{"a": {"input": "two", "output": "1"}}', '{"a": {}}']
)
def test_a_file_without_prices_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "prices.json"
    file.write_text(text)
    with pytest.raises(SystemExit, match="MODEL_PRICES must be a JSON file"):
        read(MODEL_PRICES=str(file))


def test_postgres_is_understood() -> None:
    database = read(DATABASE_URL="postgres://me:secret@db.example:5433/desk").database
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example", 5433, "desk")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRUSTED_PROXIES", "10.0.0.0/8, proxy.example"),
        ("ALLOWED_HOSTS", "desk.example help.example"),
        ("ALLOWED_HOSTS", "https://desk.example"),
        ("ALLOWED_HOSTS", "desk.example:8000"),
        ("PORT", "abc"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "80.5"),
        ("DEBUG", "perhaps"),
        ("DATABASE_URL", "mysql://host/name"),
        ("DATABASE_URL", "postgres://host:port/name"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "postgres://host"),
        ("REDIS_URL", "amqp://host"),
        ("REDIS_URL", "redis://host:x"),
        ("LLM_BASE_URL", "models.example"),
        ("LLM_BASE_URL", "http:/models.example"),
        ("LLM_BASE_URL", "http://[::1/v1"),
        ("LLM_BASE_URL", "http://models example/v1"),
        ("LLM_API_KEY", "ключ"),
        ("LLM_API_KEY", "a\nkey"),
        ("LLM_CONTEXT_TOKENS", "many"),
        ("LLM_CONTEXT_TOKENS", "10"),
        ("LLM_FIRST_TOKEN_SECONDS", "soon"),
        ("LLM_FIRST_TOKEN_SECONDS", "0"),
        ("LLM_IDLE_SECONDS", "nan"),
        ("LLM_TOTAL_SECONDS", "3601"),
        ("WHATSAPP_GRAPH_URL", "ftp://x"),
        ("OUTGOING_ALLOW", "orders.example"),
        ("OUTGOING_ALLOW", "http://orders.example:80"),
        ("OUTGOING_ALLOW", "orders.example:0"),
        ("OUTGOING_ALLOW", "orders.example:65536"),
        ("OUTGOING_ALLOW", "::1:8080"),
        ("OUTGOING_ALLOW", "10.0.0.1:80 10.0.0.2:80"),
        ("OUTGOING_ALLOW", "10.0.0.1:80;10.0.0.2:80"),
        ("DEMO_ORDERS_URL", "ftp://x"),
        ("MEDIA_URL_TTL", "-1"),
        ("STORAGE_URL", "gopher://x"),
        ("SEND_INTERVAL_SECONDS", "soon"),
        ("SEND_INTERVAL_SECONDS", "nan"),
        ("UPLOAD_MAX_BYTES", "10MB"),
        ("SENTRY_DSN", "x"),
        ("LOG_LEVEL", "loud"),
        ("LOG_FORMAT", "xml"),
        ("SECRET_KEY", "short"),
    ],
)
def test_a_malformed_value_stops_with_one_line(name: str, value: str) -> None:
    with pytest.raises(env.MalformedError) as refusal:
        read(**{name: value})
    line = str(refusal.value)
    assert line.startswith(f"{name} must be ")
    assert "\n" not in line


@pytest.mark.parametrize("hosts", ["desk.example, .help.example", "*", "127.0.0.1,[::1]"])
def test_hosts_are_names_and_addresses(hosts: str) -> None:
    assert ",".join(read(ALLOWED_HOSTS=hosts).allowed_hosts) == hosts.replace(" ", "")


def test_places_that_tools_may_reach_are_hosts_with_ports() -> None:
    allowed = read(OUTGOING_ALLOW="127.0.0.1:8002, Orders.Example.:8443,[0:0::1]:80").outgoing_allow
    assert allowed == {("127.0.0.1", 8002), ("orders.example", 8443), ("::1", 80)}
    assert read().outgoing_allow == frozenset()


def test_a_key_is_required_without_debug() -> None:
    with pytest.raises(env.MalformedError, match="SECRET_KEY must be at least 32"):
        env.read({})


def test_the_refusal_does_not_show_the_key() -> None:
    with pytest.raises(env.MalformedError) as refusal:
        env.read({"SECRET_KEY": "hunter2"})
    assert "hunter2" not in str(refusal.value)


def test_debug_keeps_one_key_in_the_data_directory(tmp_path: Path) -> None:
    variables = {"DEBUG": "on", "DATA_DIR": str(tmp_path)}
    first = env.read(variables).secret_key
    assert env.read(variables).secret_key == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_data_directory_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(env.MalformedError, match="DATA_DIR must be a folder"):
        env.read({"DEBUG": "on", "DATA_DIR": str(tmp_path / "file")})


def test_run_env_fills_in_what_the_environment_leaves_out(tmp_path: Path) -> None:
    (tmp_path / "run.env").write_text("PORT=8100\nREDIS_URL=unix:///a=b\n")
    merged = env.merged({"DATA_DIR": str(tmp_path), "PORT": "8200", "HOST": ""})
    assert merged["PORT"] == "8200"
    assert merged["REDIS_URL"] == "unix:///a=b"
    assert "HOST" not in merged


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, (60, 30, 300)),
        ({"LLM_FIRST_TOKEN_SECONDS": "600"}, (600, 30, 600)),
        ({"LLM_TOTAL_SECONDS": "20"}, (20, 20, 20)),
        ({"LLM_FIRST_TOKEN_SECONDS": "5.5", "LLM_IDLE_SECONDS": "2"}, (5.5, 2, 300)),
    ],
)
def test_a_default_limit_gives_way_to_what_is_set(
    given: dict[str, str], wanted: tuple[float, float, float]
) -> None:
    own = read(**given)
    limits = (own.llm_first_token_seconds, own.llm_idle_seconds, own.llm_total_seconds)
    assert limits == wanted


def test_an_answer_that_ends_before_it_begins_stops_the_start() -> None:
    with pytest.raises(env.MalformedError, match=r"LLM_TOTAL_SECONDS must be .* not '40'"):
        read(LLM_TOTAL_SECONDS="40", LLM_FIRST_TOKEN_SECONDS="50")


def test_the_window_is_unknown_unless_it_is_set() -> None:
    assert read().llm_context_tokens is None
    assert read(LLM_CONTEXT_TOKENS="16000").llm_context_tokens == 16_000
