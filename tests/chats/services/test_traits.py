"""Traits: what models refused, remembered for all processes."""

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from chats.engine.traits import AT_MOST, NO_TOOLS, TAGGED, TOKENS, UNOPENED, WINDOW, WITHOUT, Trait
from chats.models import ModelTrait
from chats.services import traits, windows

pytestmark = pytest.mark.both_databases
URL = "https://me:secret@models.example/v1/?key=1"
WARMTH = Trait(WITHOUT, "temperature", words="Only the default (1) value is supported.")


def learn(*found: Trait, model: str = "m", at: datetime) -> None:
    traits.learn(url=URL, model=model, traits=found, at=at)


@pytest.mark.django_db
def test_keeps_what_was_learnt_by_server_and_model(noon: datetime) -> None:
    learn(WARMTH, Trait(NO_TOOLS), at=noon)
    assert traits.known(url=URL, model="m") == [WARMTH, Trait(NO_TOOLS)]
    assert traits.known(url=URL, model="m")[0].words == WARMTH.words
    assert not traits.known(url=URL, model="another")
    assert not traits.known(url="https://another.example/v1", model="m")


@pytest.mark.django_db
def test_forgets_what_a_model_shows_no_more(noon: datetime) -> None:
    learn(WARMTH, Trait(UNOPENED), Trait(TAGGED), at=noon)
    learn(Trait(UNOPENED), model="another", at=noon)
    traits.forget(url=URL, model="m", kinds=[UNOPENED, TAGGED])
    assert traits.known(url=URL, model="m") == [WARMTH]
    assert traits.known(url=URL, model="another") == [Trait(UNOPENED)]


@pytest.mark.django_db
def test_keeps_no_credentials(noon: datetime) -> None:
    learn(WARMTH, at=noon)
    assert ModelTrait.objects.get().base_url == "https://models.example/v1"


@pytest.mark.django_db
@pytest.mark.parametrize(("first", "then", "kept"), [("900", "800", "800"), ("800", "900", "800")])
def test_keeps_the_lower_of_two_figures(noon: datetime, first: str, then: str, kept: str) -> None:
    learn(Trait(AT_MOST, TOKENS, first), at=noon)
    learn(Trait(AT_MOST, TOKENS, then), at=noon + timedelta(hours=1))
    assert ModelTrait.objects.get().value == kept


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("found", "better"),
    [
        (Trait(WINDOW, "", "128"), Trait(WINDOW, "", "128000")),
        (Trait(AT_MOST, TOKENS, "2"), Trait(AT_MOST, TOKENS, "2048")),
    ],
)
def test_a_figure_that_was_misread_counts_no_longer(
    noon: datetime, found: Trait, better: Trait
) -> None:
    learn(found, at=noon)
    assert not traits.known(url=URL, model="m")
    assert traits.window(url=URL, model="m") is None
    learn(better, at=noon)
    assert traits.known(url=URL, model="m") == [better]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "found",
    [
        WARMTH,
        Trait(AT_MOST, TOKENS, "9"),
        Trait(WINDOW, "", "9"),
        Trait(NO_TOOLS),
        Trait("new", "x"),
    ],
)
def test_says_in_words_how_a_model_is_asked(noon: datetime, found: Trait) -> None:
    learn(found, at=noon)
    row = ModelTrait.objects.get()
    assert str(row).startswith("m: ")
    assert "%(" not in row.sentence
    assert all(part in row.sentence for part in (found.subject, found.value))


@pytest.mark.django_db(transaction=True)
def test_two_that_learn_the_same_at_once_keep_it_once(noon: datetime) -> None:
    together = Barrier(2, timeout=5)
    failures: list[Exception] = []

    def learning() -> None:
        try:
            together.wait()
            learn(WARMTH, Trait(WINDOW, "", "900"), at=noon)
        except Exception as error:  # noqa: BLE001 - to be shown by the test
            failures.append(error)
        finally:
            connection.close()

    threads = [Thread(target=learning) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert ModelTrait.objects.count() == 2


class FakeRun:
    """A run's model and what its assistant says."""

    def __init__(self, tokens: int | None, model: str = "m") -> None:
        self.model = model
        self.assistant = type("Assistant", (), {"context_tokens": tokens})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("own", "deployment", "stated", "wanted"),
    [
        (None, None, None, 32_000),
        (9000, 8000, None, 9000),
        (None, 8000, None, 8000),
        (9000, None, 4000, 4000),
        (4000, None, 9000, 4000),
        (None, 8000, 4000, 4000),
        (None, None, 65_536, 65_536),
        (900_000, None, None, 900_000),
    ],
)
def test_the_window_is_as_set_unless_the_model_says_less(
    noon: datetime,
    settings: pytest.FixtureRequest,
    own: int | None,
    deployment: int | None,
    stated: int | None,
    wanted: int,
) -> None:
    settings.LLM_CONTEXT_TOKENS = deployment  # type: ignore[attr-defined]
    if stated:
        found = Trait(WINDOW, "", str(stated))
        traits.learn(url=traits.base_url(), model="m", traits=[found], at=noon)
    assert windows.window_of(FakeRun(own)) == wanted  # type: ignore[arg-type]
