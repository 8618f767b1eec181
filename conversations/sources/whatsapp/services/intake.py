"""Intake: one message of a customer takes effect in a conversation, exactly once.

Locks are taken in the one order: contact, conversation. ``Inbound`` is written in the transaction
of its effect, so that a replay at any moment finds either both or neither.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop as _

from channels_layer import names
from channels_layer.access.actors import System, Visitor
from channels_layer.work.jobs import enqueue
from conversations import source_kinds
from conversations.models import LONGEST_NAME, Contact, Conversation, Delivery, Identity, Message
from conversations.services import (
    attachments,
    contacts,
    conversations,
    messages,
    thread,
)
from conversations.services.conversations import Opening
from conversations.services.messages import Draft
from conversations.sources.whatsapp.cards import choice_of
from conversations.sources.whatsapp.models import Inbound, MediaFetch, Sender
from conversations.sources.whatsapp.parser import Effect, Incoming, Media
from conversations.sources.whatsapp.services import groups, people, targets
from handoff.models import Lifecycle

REOPENS = timedelta(hours=24)
"""For how long after its end a conversation reopens when the customer writes again."""
REACTED = _("{name} reacted with {emoji} to an older message")
NOTICE = _("WhatsApp reports: {text}")
LONGEST_NOTICE = 300
OUTSIDE = System(name="WhatsApp Business app", reference="outside:whatsapp")
"""The colleague who writes from the business's own phone; which one, Meta does not say."""
RETURNS = frozenset({"released", "returned"})
STANDING_IN = (
    _("Photo"),
    _("Sticker"),
    _("Video"),
    _("Audio"),
    _("Document"),
    _("Voice note"),
    _("The customer's account changed"),
    _("The customer does not want marketing messages any more"),
    _("The customer wants marketing messages again"),
)
"""What the parser, which is plain Python, puts in the place of a missing name or text."""
DELETED = "This message was deleted."
METAS_STEP = timedelta(seconds=1)
"""How exactly Meta states when something was sent."""


def take(*, sender: Sender, incoming: Incoming, is_last: bool, at: datetime) -> bool:
    """Take in one message; true: it is in, now or since earlier, or has no effect any more.

    False: it changes a message that has not come yet; nothing was written. With ``is_last`` it is
    waited for no longer, and what would be lost becomes a visible line.

    :raises NobodyError: where it does not say who sent it.
    """
    if incoming.is_ours and (settled := _was_sent_here(sender, incoming, is_last=is_last)):
        return settled == SENT_HERE
    known = Inbound.objects.filter(sender=sender, wamid=incoming.id)
    if known.exists():
        return True
    try:
        with transaction.atomic():
            return _Intake(sender, incoming, at).run(is_last=is_last)
    except IntegrityError:
        if known.exists():  # another worker was faster
            return True
        raise


SENT_HERE, PERHAPS = "here", "perhaps"


def _was_sent_here(sender: Sender, incoming: Incoming, *, is_last: bool) -> str:
    """Return whether an echo is of a message of Parley's own; perhaps, while one is being sent."""
    ours = Delivery.objects.filter(conversation__source_id=sender.source_id)
    if ours.filter(provider_id=incoming.id).exists():
        return SENT_HERE
    person = incoming.person
    names = [one for one in (person.wa_id, person.user_id) if one]
    names += [groups.address_of(incoming.group)] if incoming.group else []
    on_its_way = ours.filter(
        state=Delivery.State.SENDING, conversation__contact__identities__external_id__in=names
    )
    return PERHAPS if not is_last and on_its_way.exists() else ""


class _Intake:
    """The intake of one message, in one transaction."""

    def __init__(self, sender: Sender, incoming: Incoming, at: datetime) -> None:
        self.sender = sender
        self.source = sender.source
        self.incoming = incoming
        self.content = incoming.content
        self.at = at
        self.stated_at = incoming.sent_at or at
        self.sent_at = min(self.stated_at, at)

    def run(self, *, is_last: bool) -> bool:
        """Write the message; false: it has to wait, and nothing was written."""
        effect = self.content.effect
        changes: dict[Effect, Callable[[Message], None]] = {
            Effect.REACTION: self._react,
            Effect.EDIT: self._edit,
            Effect.DELETE: self._delete,
        }
        if effect not in changes:
            self._begin()
            (self._notice if effect == Effect.NOTICE else self._say)()
            return True
        target = targets.find(self.sender, self.incoming.refers_to)
        if not target.is_known and not is_last:
            return False
        self._begin()
        if target.message is not None:
            self._change(target.message, changes[effect])
        elif not target.is_known:
            self._show_lost_change()
        return True

    def _begin(self) -> None:
        """Identify and lock the contact, and record the message."""
        self.contact = self._identified()
        known = Identity.objects.filter(contact=self.contact, source=self.source).order_by("-id")
        identities = {one.external_id: one for one in known}
        person, group = self.incoming.person, self.incoming.group
        writer = groups.address_of(group) if group else person.user_id or person.wa_id
        self.address = writer if group else people.address_of(person, identities)
        visitor = Visitor(self.contact.pk, self.source.pk, self.contact.label)
        self.actor = OUTSIDE if self.incoming.is_ours else visitor
        self.inbound = Inbound.objects.create(
            sender=self.sender,
            wamid=self.incoming.id,
            kind=self.incoming.kind,
            identity=identities.get(writer),
            refers_to=self.incoming.refers_to,
            participant=self._participant(),
            sent_at=self.stated_at,
            received_at=self.at,
        )

    def _identified(self) -> Contact:
        """Return the contact, locked: a group's where the message is of a group."""
        if group := self.incoming.group:
            return groups.identified(source=self.source, group=group, at=self.at)
        return people.identified(
            source=self.source,
            person=self.incoming.person,
            sent_at=self.stated_at,
            is_notice=self.incoming.is_ours or self.content.effect == Effect.NOTICE,
            at=self.at,
        )

    def _participant(self) -> str:
        """Return who of several wrote; empty for the customer of a private conversation."""
        if self.incoming.is_ours:
            return OUTSIDE.reference
        person = self.incoming.person
        return (person.user_id or person.wa_id) if self.incoming.group else ""

    def _say(self) -> None:
        """Write the customer's words and files."""
        with self._talking() as conversation:
            is_gone = targets.is_deleted(self.sender, self.incoming.id)
            files = [] if is_gone else [self._expected(media) for media in self.content.files]
            quoted = targets.find(self.sender, self.incoming.refers_to).message
            is_here = (
                quoted is not None
                and quoted.conversation_id == conversation.pk
                and quoted.is_public
            )
            draft = Draft(
                text=DELETED if is_gone else self.content.text,
                reply_to=quoted.pk if quoted and is_here else None,
                attachments=tuple(fetch.attachment_id for fetch in files),
                said_at=self.sent_at,
                cards=() if is_gone else self.incoming.cards,
                choice=choice_of(quoted, self.content.choice)
                if quoted and is_here and not (is_gone or self.incoming.is_ours)
                else None,
            )
            self._write(conversation, draft)

    def _write(self, conversation: Conversation, draft: Draft) -> None:
        message = self._written(conversation, draft)
        self.inbound.message = message
        self.inbound.save(update_fields=["message"])
        for reply in targets.replies_to(self.inbound, message):
            reply.reply_to = message
            reply.save(update_fields=["reply_to"])
            thread.revise(conversation, reply, at=self.at)

    def _written(self, conversation: Conversation, draft: Draft) -> Message:
        """Write as the customer, as one of a group, or as a colleague outside Parley."""
        if self.incoming.is_ours:
            return messages.colleague_message(
                conversation=conversation,
                by=OUTSIDE,
                draft=draft,
                takes_floor=not self._was_returned_since(conversation),
                at=self.at,
            )
        if self.incoming.group:
            draft = replace(draft, author_name=self._name())
        message, _ = messages.customer_message(
            conversation=conversation, by=self.actor, draft=draft, at=self.at
        )
        if self.incoming.group:
            groups.ask_for_person(conversation, at=self.at)
        return message

    def _was_returned_since(self, conversation: Conversation) -> bool:
        """Return whether the assistant was given the floor after a colleague outside wrote this.

        Meta states whole seconds: what is of the same second does not count as later.
        """
        later = Message.objects.filter(
            conversation=conversation, created_at__gte=self.sent_at + METAS_STEP
        )
        return later.filter(kind=Message.Kind.SYSTEM, change__in=RETURNS).exists()

    def _name(self) -> str:
        """Return the name of the one who wrote."""
        if self.incoming.is_ours:
            return OUTSIDE.name
        if not self.incoming.group:
            return self.contact.label
        person = self.incoming.person
        known = names.line(person.name or person.username, LONGEST_NAME)
        return known or (f"+{person.wa_id}" if person.wa_id else person.user_id)

    def _expected(self, media: Media) -> MediaFetch:
        """Expect a file, which a worker fetches."""
        attachment = attachments.expect(
            name=media.name,
            content_type=media.mime_type,
            kind=media.kind,
            by=self.actor,
            at=self.at,
        )
        fetch = MediaFetch.objects.create(
            sender=self.sender,
            attachment=attachment,
            media_id=media.id,
            sha256=media.sha256,
            next_at=self.at,
            created_at=self.at,
        )
        enqueue("conversations.fetch_media", fetch=fetch.pk)
        return fetch

    def _change(self, message: Message, change: Callable[[Message], None]) -> None:
        """Change an earlier message, unless something newer has changed it already."""
        self.conversation = Conversation(pk=message.conversation_id).locked()
        with thread.changing(self.conversation):
            if self.conversation.contact_id == self.contact.pk:
                self._keep_open(self.conversation)
            else:
                self._keep_others_open(self.conversation)
            if not targets.is_overtaken(self.inbound, contact=self.contact):
                change(Message.objects.get(pk=message.pk))

    def _react(self, message: Message) -> None:
        kind = "agent" if self.incoming.is_ours else "customer"
        mine = self.inbound.participant or str(self.contact.pk)
        others = [one for one in message.reactions if one["author_id"] != mine]
        added = {
            "emoji": self.content.emoji,
            "author_kind": kind,
            "author_id": mine,
            "author_name": self._name(),
        }
        message.reactions = [*others, added] if self.content.emoji else others
        message.save(update_fields=["reactions"])
        thread.revise(self.conversation, message, at=self.at)

    def _edit(self, message: Message) -> None:
        if self.content.text or message.attachments.exists():
            messages.edit(self.conversation, message, text=self.content.text, at=self.at)

    def _delete(self, message: Message) -> None:
        """Empty a message that the customer deleted: text and files go, its position stays."""
        message.attachments.all().delete()
        messages.edit(self.conversation, message, text=DELETED, at=self.at)

    def _show_lost_change(self) -> None:
        """Show a change of an unknown message, so that nothing is lost."""
        match self.content.effect:
            case Effect.EDIT if self.content.text:
                draft = Draft(text=self.content.text, said_at=self.sent_at)
                with self._talking() as conversation:
                    self._write(conversation, draft)
            case Effect.REACTION if self.content.emoji:
                name = OUTSIDE.mention if self.incoming.is_ours else names.quoted(self._name())
                text = REACTED.format(name=name, emoji=self.content.emoji)
                with self._talking() as conversation:
                    messages.system_line(conversation, text, at=self.at)

    def _notice(self) -> None:
        """Write WhatsApp's notice about the customer as a system line, which is not answered.

        In a group it is about one of its people, and the group's contact stays as it is.
        """
        if (moved := self.content.moved_to) and not self.incoming.group:
            people.move(
                contact=self.contact,
                source=self.source,
                person=self.incoming.person,
                to=moved,
                at=self.at,
            )
        if newest := self._talks().order_by("-id").first():
            messages.system_line(newest.locked(), self._notice_text(), at=self.at)

    def _notice_text(self) -> str:
        """Return WhatsApp's own words in quotation marks: they hold the name of the profile."""
        text = self.content.text
        return (
            text if text in STANDING_IN else NOTICE.format(text=names.quoted(text, LONGEST_NOTICE))
        )

    @contextmanager
    def _talking(self) -> Iterator[Conversation]:
        """Yield the locked conversation that continues; its row is saved when the block ends."""
        conversation = self._conversation().locked()
        with thread.changing(conversation):
            self._keep_open(conversation)
            yield conversation

    def _conversation(self) -> Conversation:
        """Return the conversation that continues: an open one, one that ended lately, a new one."""
        active = self._talks().filter(lifecycle=Lifecycle.ACTIVE).order_by("-id")
        lately = self._talks().filter(ended_at__gt=self.at - REOPENS).order_by("-ended_at", "-id")
        return active.first() or lately.first() or self._begun()

    def _begun(self) -> Conversation:
        opening = Opening(source=self.source, contact=self.contact, external_id=self.address)
        conversation = conversations.start(opening=opening, by=self.actor, at=self.at)
        if self.incoming.group:
            groups.begin(conversation, at=self.at)
        return conversation

    def _talks(self) -> QuerySet[Conversation]:
        return Conversation.objects.filter(contact=self.contact, source=self.source)

    def _keep_open(self, conversation: Conversation) -> None:
        """Set a locked conversation's reply window and the customer's address.

        What colleagues write leaves both as they are.
        """
        if self.incoming.is_ours:
            return
        conversation.extend_window(said_at=self.sent_at)
        conversation.external_id = self.address
        if self.incoming.referral:
            conversation.context = {
                **conversation.context,
                "referral": dict(self.incoming.referral),
            }
        conversation.search_text = contacts.search_text(conversation)
        with thread.changing(conversation) as changes:
            changes.fields.update(["window_expires_at", "external_id", "context", "search_text"])
        self._keep_others_open(conversation)

    def _keep_others_open(self, conversation: Conversation) -> None:
        """Extend the reply window of the person's other conversations: it is one window at Meta.

        Ended ones are not published, as there may be hundreds.
        """
        if self.incoming.is_ours:
            return
        until = source_kinds.of(self.source.kind).window_until(self.sent_at)
        is_older = Q(window_expires_at=None) | Q(window_expires_at__lt=until)
        others = self._talks().exclude(pk=conversation.pk).filter(is_older)
        if not others.exists():
            return
        for other in others.filter(lifecycle=Lifecycle.ACTIVE).order_by("id"):
            fresh = other.locked()
            fresh.extend_window(said_at=self.sent_at)
            thread.update(fresh, "window_expires_at", at=self.at)
        others.update(window_expires_at=until)
