"""``present``: an assistant shows cards below its answer."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_noop as _

from channels_layer.errors import InvalidError
from chats.tools.registry import Effect, Json, Tool, ToolContext
from conversations import cards
from conversations.models import Attachment
from conversations.objects.attachment import picture_object

NAME = "present"


def _present(context: ToolContext, arguments: Json) -> Json:
    """Check the cards; they are shown with the message that the run leaves."""
    try:
        shown = cards.checked(arguments["cards"])
        wanted = [card["image"] for card in shown if card["type"] == "image"]
        files = {image: _picture(context, image) for image in wanted}
    except cards.CardError as error:
        raise InvalidError(str(error)) from error
    return {"status": "shown below your answer", "files": files} if files else {"status": "shown"}


def _picture(context: ToolContext, image: str) -> Json:
    """Return a picture that the customer can see in this conversation, by its id or its name."""
    is_it = Q(name=image) | Q(pk=found) if (found := _id(image)) else Q(name=image)
    rows = Attachment.objects.filter(
        is_it,
        kind=Attachment.Kind.IMAGE,
        status=Attachment.Status.READY,
        message__conversation=context.conversation_id,
        message__is_public=True,
    )
    picture = rows.order_by("-message__position", "order").first()
    if picture is None:
        known = ", ".join(_names(context)) or "none"
        msg = f"There is no picture “{image}” in this conversation. There are: {known}."
        raise cards.CardError(msg)
    return picture_object(picture)


def _names(context: ToolContext) -> Sequence[str]:
    rows = Attachment.objects.filter(
        kind=Attachment.Kind.IMAGE,
        message__conversation=context.conversation_id,
        message__is_public=True,
    )
    return list(rows.order_by("-message__position", "order").values_list("name", flat=True)[:10])


def _id(image: str) -> UUID | None:
    try:
        return UUID(image)
    except ValueError:
        return None


TOOL = Tool(
    name=NAME,
    title=_("Show cards"),
    description="Show cards below your answer: a table, an image, a link, or choices as a list or "
    "as buttons. What the customer chooses comes back as their message. Write your answer as well; "
    "do not repeat in it what the cards say.",
    parameters=cards.PARAMETERS,
    handler=_present,
    effect=Effect.REPEATABLE,
)
