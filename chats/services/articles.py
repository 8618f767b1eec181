"""Articles: what an assistant can search."""

from datetime import datetime

from chats.models import Article
from conversations.models import Assistant


def write(*, assistant: Assistant, title: str, text: str, at: datetime) -> Article:
    """Create an article of an assistant."""
    return Article.objects.create(
        assistant=assistant, title=title, text=text, created_at=at, updated_at=at
    )


def update(
    *,
    article: Article,
    title: str | None = None,
    text: str | None = None,
    is_active: bool | None = None,
    at: datetime,
) -> Article:
    """Change an article; an inactive one is no longer found."""
    article.title = article.title if title is None else title
    article.text = article.text if text is None else text
    article.is_active = article.is_active if is_active is None else is_active
    article.updated_at = at
    article.save(update_fields=["title", "text", "is_active", "updated_at"])
    return article


def delete(*, article: Article) -> None:
    """Delete an article."""
    article.delete()
