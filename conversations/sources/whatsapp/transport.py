"""WhatsApp's transport: what may be said when, what a message becomes, and how it leaves."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from channels_layer.errors import RefusedError
from channels_layer.work.jobs import enqueue
from conversations.models import Attachment, Conversation, Delivery, Message
from conversations.sources.whatsapp import cards, formatting, templating
from conversations.sources.whatsapp.models import Sender
from conversations.sources.whatsapp.services import limits, media, sending, templates
from conversations.sources.whatsapp.services.templates import TemplateParametersError
from conversations.transports import SendResult, Transport

LONGEST_CAPTION = 1024
PAUSE_SECONDS = 60.0
NO_SENDER = "This WhatsApp source has no number yet. An administrator has to enter it."


class WindowClosedError(RefusedError):
    """The customer wrote more than 24 hours ago."""

    code = "window_closed"
    detail = "The customer last wrote more than 24 hours ago; only a template may be sent."

    def __init__(self) -> None:
        """Name the field."""
        super().__init__(fields={"text": [self.detail]})


class RestrictedError(RefusedError):
    """Meta does not let this number send."""

    code = "restricted"


class WhatsAppTransport(Transport):
    """Customers read on their phones; what is said reaches them through Meta."""

    delivers = True

    def parts(
        self,
        conversation: Conversation,
        message: Message,
        files: Sequence[Attachment],
        template: Mapping[str, Any] | None,
    ) -> list[dict[str, Any]]:
        """Cut a message into texts, files and choices; a template is one part."""
        if template is not None:
            return [_template_part(conversation, files, template, at=message.created_at)]
        text = _text_of(message)
        if len(files) == 1 and _is_caption(text, files[0]) and not message.cards:
            return [_file_part(files[0], caption=text)]
        words: list[dict[str, Any]] = [
            {"type": "text", "text": piece} for piece in formatting.pieces(text)
        ]
        choice = next((card for card in message.cards if cards.is_choice(card)), None)
        if choice is not None:
            above = words.pop()["text"] if words and _fits(choice, words[-1]["text"]) else ""
            words.append({"type": "interactive", "interactive": cards.interactive(choice, above)})
        return [*words, *(_file_part(file) for file in files)]

    def refuse(
        self, conversation: Conversation, *, template: Mapping[str, Any] | None, at: datetime
    ) -> None:
        """Refuse free text after the window, and whatever Meta would not let through."""
        sender = _sender_of(conversation)
        if sender.is_paused:
            raise RestrictedError(sender.restriction)
        is_open = sending.is_open(conversation, at=at)
        if template is None:
            if not is_open:
                raise WindowClosedError
            return
        templates.checked(sender=sender, template=template)
        if is_open:
            return
        if sender.restriction:
            raise RestrictedError(sender.restriction)
        limits.refuse(sender=sender, conversation=conversation, at=at)

    def words_of(self, conversation: Conversation, template: Mapping[str, Any]) -> str:
        """Return the template as the customer reads it."""
        found = templates.checked(sender=_sender_of(conversation), template=template)
        return templating.text_of(found.components, template.get("parameters") or {})

    def pause(self, conversation: Conversation, *, at: datetime) -> float:
        """Hold everything back while the number may not send."""
        del at
        sender = Sender.objects.filter(source_id=conversation.source_id).first()
        return PAUSE_SECONDS if sender is None or sender.is_paused else 0.0

    def send(
        self, delivery: Delivery, *, begin: Callable[[], bool], at: datetime
    ) -> SendResult | None:
        """Carry one delivery to Meta; a template that leaves later counts from then on."""
        conversation = delivery.conversation
        is_first = delivery.content["type"] == "template" and not sending.is_open(
            conversation, at=at
        )
        if is_first:
            limits.count(sender=_sender_of(conversation), conversation=conversation, at=at)
        return sending.send(delivery, begin=begin, at=at)

    def fetch_again(self, attachment: Attachment, *, at: datetime) -> None:
        """Ask Meta once more for a file that did not arrive."""
        media.again(attachment=attachment, at=at)

    def acknowledge(self, conversation: Conversation, *, is_typing: bool) -> None:
        """Let a worker tell Meta that the customer's message was read."""
        enqueue("conversations.acknowledge", conversation=conversation.pk, typing=int(is_typing))


def _sender_of(conversation: Conversation) -> Sender:
    sender = Sender.objects.filter(source_id=conversation.source_id).first()
    if sender is None:
        raise RestrictedError(NO_SENDER)
    return sender


def _template_part(
    conversation: Conversation,
    files: Sequence[Attachment],
    template: Mapping[str, Any],
    *,
    at: datetime,
) -> dict[str, Any]:
    sender = _sender_of(conversation)
    found = templates.checked(sender=sender, template=template)
    wanted = templating.media_of(found.components)
    kinds = [sending.kind_of(file) for file in files]
    if kinds != ([wanted] if wanted else []):
        detail = f"Its header wants one {wanted}." if wanted else "It takes no files."
        raise TemplateParametersError(fields={"attachments": [detail]})
    if not sending.is_open(conversation, at=at):
        limits.count(sender=sender, conversation=conversation, at=at)
    part = {
        "type": "template",
        "template": {
            "name": found.name,
            "language": found.language,
            "parameters": dict(template.get("parameters") or {}),
        },
    }
    return part | ({"attachment": str(files[0].pk)} if files else {})


def _text_of(message: Message) -> str:
    """Return what is read of a message; cards that WhatsApp has no form for are read as text."""
    text = formatting.from_markdown(message.text)
    shown = [card for card in message.cards if not cards.is_choice(card)]
    choices = [card for card in message.cards if cards.is_choice(card)]
    return "\n\n".join(filter(None, (text, cards.as_text([*shown, *choices[1:]]))))


def _is_caption(text: str, file: Attachment) -> bool:
    return len(text) <= LONGEST_CAPTION and (not text or sending.kind_of(file) != "audio")


def _fits(choice: Mapping[str, Any], above: str) -> bool:
    return len(cards.body(choice, above)) <= cards.LONGEST_BODY


def _file_part(file: Attachment, *, caption: str = "") -> dict[str, Any]:
    part = {"type": "media", "attachment": str(file.pk)}
    return part | ({"caption": caption} if caption else {})
