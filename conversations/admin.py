"""The administration of contacts, sources, conversations and what belongs to them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import action
from unfold.paginator import InfinitePaginator

from channels_layer import formats
from channels_layer.admin import (
    DeletableAdmin,
    EditableAdmin,
    LastingAdmin,
    ReadOnlyAdmin,
    actor_of,
)
from conversations.models import (
    DETAILS,
    Attachment,
    Contact,
    Conversation,
    Delivery,
    FileRemoval,
    Identity,
    Message,
    Reading,
    ReadState,
    Source,
    Variable,
)
from conversations.services import contacts
from handoff import services as handoff


class ReadOnlyInline(TabularInline):
    """Inline rows that only services write."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: services add these rows."""
        del request, obj
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: services change these rows."""
        del request, obj
        return False


class IdentityInline(ReadOnlyInline):
    """Identifiers of a contact within sources."""

    model = Identity
    fields = ("source", "external_id", "is_verified")


class VariableInline(ReadOnlyInline):
    """Named values of a conversation."""

    model = Variable
    fields = ("name", "value", "origin", "origin_name", "updated_at")
    ordering = ("name", "id")


@admin.register(Contact)
class ContactAdmin(EditableAdmin):
    """Contacts; their conversations show a change at once."""

    list_display = ("called", "email", "phone", "is_blocked", "created_at")
    list_filter = (("blocked_at", admin.EmptyFieldListFilter),)
    search_fields = ("name", "email", "phone", "identities__external_id")
    ordering = ("-created_at", "-id")
    paginator = InfinitePaginator
    show_full_result_count = False
    readonly_fields = ("attributes", "blocked_at", "created_at")
    inlines = (IdentityInline,)
    actions = ("block", "unblock")

    def get_fields(self, request: HttpRequest, obj: Contact | None = None) -> tuple[str, ...]:
        """Return the details; of the rest what there is."""
        del request
        known = [name for name in ("attributes", "blocked_at") if getattr(obj, name, None)]
        return (*DETAILS, *known, "created_at")

    @admin.display(description=_("Name"), ordering="name")
    def called(self, contact: Contact) -> str:
        """Return what the contact is called, or how it is reached."""
        return contact.label

    @admin.display(description=_("Blocked"), boolean=True)
    def is_blocked(self, contact: Contact) -> bool:
        """Return whether the contact may no longer use the assistant."""
        return contact.is_blocked

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: contacts come through sources."""
        del request
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Contact | None = None) -> bool:
        """Refuse: erasing a contact is more than deleting its row."""
        del request, obj
        return False

    def save_model(self, request: HttpRequest, obj: Contact, form: Any, change: Any) -> None:
        """Change the contact's details, in all its conversations."""
        del request, change
        changed = {name: getattr(obj, name) for name in DETAILS if name in form.changed_data}
        contacts.update(contact=obj, **changed, at=timezone.now())

    @action(description=_("Block the selected contacts"))
    def block(self, request: HttpRequest, queryset: QuerySet[Contact]) -> None:
        """Keep the contacts from using the assistant."""
        for contact in queryset.order_by("id"):
            contacts.block(contact=contact, by=actor_of(request), at=timezone.now())

    @action(description=_("Unblock the selected contacts"))
    def unblock(self, request: HttpRequest, queryset: QuerySet[Contact]) -> None:
        """Let the contacts use the assistant again."""
        for contact in queryset.order_by("id"):
            contacts.unblock(contact=contact, by=actor_of(request), at=timezone.now())


class SourceForm(forms.ModelForm):  # type: ignore[type-arg]
    """A source, with what to do in place of deleting it."""

    class Meta:
        model = Source
        fields = ("is_active",)
        help_texts = {
            "is_active": _("Switch it off instead of deleting it: its conversations stay.")
        }


@admin.register(Source)
class SourceAdmin(LastingAdmin):
    """Sources of conversations."""

    form = SourceForm
    list_display = ("name", "kind", "assistant", "is_active", "gather_seconds")
    list_filter = ("kind", "is_active")
    list_select_related = ("assistant",)
    search_fields = ("name",)
    autocomplete_fields = ("assistant",)
    ordering = ("name", "id")
    fields = ("kind", "name", "assistant", "is_active", "gather_seconds")

    def get_readonly_fields(
        self, request: HttpRequest, obj: Source | None = None
    ) -> tuple[str, ...]:
        """Return the kind as read-only for a source that exists."""
        del request
        return ("kind",) if obj else ()


class ChannelAdmin(DeletableAdmin):
    """Ways to a source: one is deleted until a conversation began there, then switched off."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether this row may go; several at once never, since each is asked for itself."""
        if obj is None or not super().has_delete_permission(request, obj):
            return False
        return not Conversation.objects.filter(source=obj.source_id).exists()


@admin.register(Conversation)
class ConversationAdmin(ReadOnlyAdmin):
    """Conversations, as the inbox shows them."""

    list_display = (
        "__str__",
        "contact",
        "source",
        "assistant",
        "lifecycle",
        "control",
        "switch",
        "owner",
        "message_count",
        "last_message_at",
    )
    list_filter = ("lifecycle", "control", "switch", "source__kind", "assistant")
    list_select_related = ("contact", "source", "assistant", "owner")
    search_fields = ("search_text", "=id")
    ordering = ("-last_message_at", "-id")
    exclude = ("search_text",)
    inlines = (VariableInline,)
    actions = ("end",)

    @action(description=_("End the selected conversations"))
    def end(self, request: HttpRequest, queryset: QuerySet[Conversation]) -> None:
        """End the conversations, as the button in the inbox does."""
        for conversation in queryset.order_by("id"):
            handoff.end(floor=conversation, by=actor_of(request), at=timezone.now())


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """Messages, notes and system lines."""

    list_display = ("created_at", "conversation", "position", "kind", "author_name", "__str__")
    list_filter = ("kind", "author_kind", "status")
    list_select_related = ("conversation",)
    search_fields = ("text", "author_name", "=conversation__id")
    ordering = ("-created_at", "-id")


@admin.register(Identity)
class IdentityAdmin(ReadOnlyAdmin):
    """Identifiers of contacts within sources."""

    list_display = ("external_id", "source", "contact", "is_verified")
    list_filter = ("source", "is_verified")
    list_select_related = ("source", "contact")
    search_fields = ("external_id", "contact__name", "contact__email")
    ordering = ("-id",)


@admin.register(Variable)
class VariableAdmin(ReadOnlyAdmin):
    """Named values of conversations."""

    list_display = ("name", "value", "origin", "origin_name", "conversation", "updated_at")
    list_filter = ("origin",)
    list_select_related = ("conversation",)
    search_fields = ("name", "value")
    ordering = ("-updated_at", "-id")


@admin.register(ReadState)
class ReadStateAdmin(ReadOnlyAdmin):
    """How far people have read."""

    list_display = ("conversation", "user", "position")
    list_select_related = ("conversation", "user")
    search_fields = ("user__username",)
    ordering = ("-id",)


@admin.register(Attachment)
class AttachmentAdmin(ReadOnlyAdmin):
    """Attachments of messages."""

    list_display = ("name", "kind", "content_type", "length", "actor", "created_at")
    exclude = ("size",)
    readonly_fields = ("length",)
    list_filter = ("kind",)
    search_fields = ("name", "actor")
    ordering = ("-created_at", "-id")

    @admin.display(description=_("Size"), ordering="size")
    def length(self, attachment: Attachment) -> str:
        """Return the size of the file with its unit."""
        return formats.size(attachment.size)


@admin.register(FileRemoval)
class FileRemovalAdmin(ReadOnlyAdmin):
    """Files to remove from the storage."""

    list_display = ("path", "due_at")
    ordering = ("due_at", "path")


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """Deliveries to customers who read elsewhere."""

    list_display = ("created_at", "conversation", "part", "state", "attempts", "error", "next_at")
    list_filter = ("state",)
    list_select_related = ("conversation",)
    search_fields = ("=provider_id", "=id", "=conversation__id")
    ordering = ("-created_at", "-id")


@admin.register(Reading)
class ReadingAdmin(ReadOnlyAdmin):
    """Readings of files: descriptions, transcripts, texts."""

    list_display = ("created_at", "attachment", "state", "attempts", "error")
    list_filter = ("state",)
    list_select_related = ("attachment",)
    ordering = ("-created_at", "-id")
