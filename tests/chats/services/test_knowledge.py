"""Knowledge: what a search finds."""

import pytest

from chats.models import Article
from chats.selectors import knowledge
from chats.services import articles
from conversations.models import Conversation
from tests.chats import talk
from tests.factories import NOON, AssistantFactory

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def returns(conversation: Conversation) -> Article:
    talk.teach(conversation, "Opening hours", "We are open from nine to five, except on Sundays.")
    return talk.teach(conversation, "Returns", "You may return a lamp within 30 days.")


def found(article: Article, query: str) -> list[str]:
    return [found.title for found in knowledge.search(article.assistant_id, query)]


@pytest.mark.parametrize(
    "query", ["return lamp", "returning lamps", "How long may I return it?", "RETURNS", "lamps"]
)
def test_finds_by_words_in_any_form(returns: Article, query: str) -> None:
    assert found(returns, query) == ["Returns"]


@pytest.mark.parametrize("query", ["giraffe", "the of and", "", "?!", "giraffe zebra lion lamp"])
def test_finds_nothing_where_too_little_fits(returns: Article, query: str) -> None:
    assert found(returns, query) == []


def test_puts_the_title_first(returns: Article) -> None:
    articles.write(
        assistant=returns.assistant,
        title="Delivery",
        text="A parcel that returns to us is sent again.",
        at=NOON,
    )
    assert found(returns, "returns") == ["Returns", "Delivery"]


def test_leaves_out_what_is_not_active_or_another_s(returns: Article) -> None:
    articles.update(article=returns, is_active=False, at=NOON)
    assert found(returns, "return") == []
    other = AssistantFactory.create(name="Grace")
    assert knowledge.search(other.pk, "open hours") == []


def test_is_not_fooled_by_wildcards(returns: Article) -> None:
    assert found(returns, "100%") == []
