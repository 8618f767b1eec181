"""The administration of senders, templates, limits and Meta's webhook events."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminTextInputWidget

from channels_layer import formats, sentences
from channels_layer.admin import DeletableAdmin, ReadOnlyAdmin
from conversations.admin import ChannelAdmin
from conversations.sources.whatsapp import selectors, templating
from conversations.sources.whatsapp.models import (
    BusinessInitiatedContact,
    Inbound,
    LimitTier,
    MediaFetch,
    Sender,
    Template,
    WebhookEvent,
    new_verify_token,
)
from conversations.sources.whatsapp.services import events, quality, templates
from conversations.sources.whatsapp.services.templates import NotSyncedError

SECRETS = ("access_token", "app_secret")


class SenderForm(forms.ModelForm):  # type: ignore[type-arg]
    """The form of a sender; secrets are entered and never shown again."""

    access_token = forms.CharField(
        required=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=_("A system user's token with whatsapp_business_messaging; empty: unchanged."),
    )
    app_secret = forms.CharField(
        required=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=_("Signs what Meta's servers send; empty: unchanged."),
    )

    # It is shown, since it has to be entered at Meta.
    verify_token = forms.CharField(
        label=_("verify token"),
        max_length=100,
        initial=new_verify_token,
        widget=UnfoldAdminTextInputWidget,
    )

    class Meta:
        model = Sender
        fields = (
            "source",
            "phone_number_id",
            "business_account_id",
            "access_token",
            "app_secret",
            "verify_token",
        )
        help_texts = {
            "source": _("Switch it off there to stop the number: its conversations stay.")
        }

    def clean(self) -> dict[str, Any]:
        """Keep secrets that were not entered anew; a new number needs the app's."""
        data: dict[str, Any] = super().clean() or {}
        for name in SECRETS:
            data[name] = data.get(name) or getattr(self.instance, name)
        if not data["app_secret"]:
            self.add_error("app_secret", _("Enter the app's secret."))
        return data


@admin.register(Sender)
class SenderAdmin(ChannelAdmin):
    """Senders: how they are reached, and Meta's rating of them."""

    form = SenderForm
    list_display = ("__str__", "display_number", "quality", "limit", "used", "state", "checked_at")
    list_filter = ("quality",)
    search_fields = ("verified_name", "display_number", "phone_number_id")
    ordering = ("created_at", "id")
    autocomplete_fields = ("source",)
    readonly_fields = (
        "webhook",
        "verified_name",
        "display_number",
        "quality",
        "messaging_limit",
        "limit",
        "used",
        "state",
        "restricted_at",
        "checked_at",
        "check_error",
        "templates_synced_at",
    )
    fieldsets = (
        (None, {"fields": ("source", "phone_number_id", "business_account_id")}),
        (_("Secrets"), {"fields": ("access_token", "app_secret")}),
        (
            _("Webhook"),
            {
                "fields": ("webhook", "verify_token"),
                "description": _("At Meta, enter this site's https address with the path below."),
            },
        ),
        (
            _("At Meta"),
            {
                "fields": (
                    "verified_name",
                    "display_number",
                    "quality",
                    "messaging_limit",
                    "limit",
                    "used",
                    "state",
                    "restricted_at",
                    "checked_at",
                    "check_error",
                    "templates_synced_at",
                )
            },
        ),
    )
    actions = ("check_now", "sync_templates", "resume_sending")

    def get_readonly_fields(
        self, request: HttpRequest, obj: Sender | None = None
    ) -> tuple[str, ...]:
        """Return what Meta says, and of a number that exists its source."""
        del request
        return (*self.readonly_fields, "source") if obj else self.readonly_fields

    @admin.display(description=_("Callback URL"))
    def webhook(self, sender: Sender) -> str:
        """Return the path that Meta's servers call; an unsaved sender has no lasting id."""
        if not Sender.objects.filter(pk=sender.pk).exists():
            return str(_("Known once the number is saved."))
        return f"/webhooks/whatsapp/{sender.pk}"

    @admin.display(description=_("People a day"))
    def limit(self, sender: Sender) -> str:
        """Return the number of people who may be written to first in 24 hours."""
        limit = selectors.limit_of(sender)
        return formats.number(limit) if limit is not None else str(_("not limited"))

    @admin.display(description=_("Used in 24 hours"))
    def used(self, sender: Sender) -> int:
        """Return the number of people who were written to first."""
        return selectors.used(sender, at=timezone.now())

    @admin.display(description=_("Sending"))
    def state(self, sender: Sender) -> str:
        """Return why nothing is sent, if that is so."""
        return sentences.translated(sender.restriction) or str(_("goes on"))

    @action(description=_("Check now"))
    def check_now(self, request: HttpRequest, queryset: QuerySet[Sender]) -> None:
        """Fetch rating, limit and health from Meta."""
        for sender in queryset.order_by("id"):
            checked = quality.check(sender=sender, at=timezone.now())
            fault = sentences.translated(checked.check_error or checked.restriction)
            text, is_well = fault or _("Meta lets it send."), not fault
            level = messages.SUCCESS if is_well else messages.WARNING
            self.message_user(request, f"{sender}: {text}", level)

    @action(description=_("Sync templates"))
    def sync_templates(self, request: HttpRequest, queryset: QuerySet[Sender]) -> None:
        """Fetch the templates from Meta."""
        for sender in queryset.order_by("id"):
            try:
                number = templates.sync(sender=sender, at=timezone.now())
            except NotSyncedError as refusal:
                self.message_user(request, f"{sender}: {refusal.detail}", messages.WARNING)
                continue
            text = _("%(sender)s has %(number)d templates.")
            self.message_user(request, text % {"sender": sender, "number": number})

    @action(description=_("Send again what is held back"))
    def resume_sending(self, request: HttpRequest, queryset: QuerySet[Sender]) -> None:
        """Lift a restriction; where Meta still refuses, it comes back by itself."""
        for sender in queryset.order_by("id"):
            quality.lift(sender=sender, at=timezone.now())
        self.message_user(request, _("Sending goes on."))


@admin.register(Template)
class TemplateAdmin(ReadOnlyAdmin):
    """Texts that Meta has approved, or not; they are written in the WhatsApp Manager."""

    list_display = ("name", "language", "sender", "purpose", "state", "rating", "synced_at")
    list_filter = ("status", "category", "sender")
    list_select_related = ("sender",)
    search_fields = ("name",)
    ordering = ("name", "language", "id")
    fields = (
        *("name", "language", "sender", "text", "buttons", "purpose", "state", "reason"),
        *("rating", "meta_id", "synced_at"),
    )
    readonly_fields = ("text", "buttons", "purpose", "state", "rating")

    @admin.display(description=_("Purpose"), ordering="category")
    def purpose(self, template: Template) -> str:
        """Return Meta's category in words."""
        return _in_words(template.category)

    @admin.display(description=_("State"), ordering="status")
    def state(self, template: Template) -> str:
        """Return Meta's status in words."""
        return _in_words(template.status)

    @admin.display(description=_("Quality"), ordering="quality")
    def rating(self, template: Template) -> str:
        """Return Meta's rating in words."""
        return _in_words(template.quality)

    @admin.display(description=_("Buttons"))
    def buttons(self, template: Template) -> str:
        """Return the texts of the buttons."""
        return formats.readable(templating.buttons_of(template.components))

    @admin.display(description=_("Text"))
    def text(self, template: Template) -> str:
        """Return the text as it reads, its parameters by name."""
        return templating.text_of(template.components)


@admin.register(LimitTier)
class LimitTierAdmin(DeletableAdmin):
    """The people a day that Meta's rating or limit word allows."""

    list_display = ("name", "meta_tier", "quality", "daily_limit", "order")
    list_editable = ("daily_limit",)
    ordering = ("order", "id")


@admin.register(BusinessInitiatedContact)
class BusinessInitiatedContactAdmin(ReadOnlyAdmin):
    """People whom the senders wrote to first."""

    list_display = ("external_id", "sender", "at")
    list_filter = ("sender",)
    list_select_related = ("sender",)
    ordering = ("-at", "-id")


@admin.register(WebhookEvent)
class WebhookEventAdmin(ReadOnlyAdmin):
    """Webhook events of Meta's servers, as they came."""

    list_display = ("received_at", "sender", "about", "state", "attempts", "error")
    search_fields = ("about",)
    json_texts = ("body",)
    list_filter = ("state", "sender")
    list_select_related = ("sender",)
    ordering = ("-received_at", "-id")
    actions = ("work_again",)

    @action(description=_("Work the selected events again"))
    def work_again(self, request: HttpRequest, queryset: QuerySet[WebhookEvent]) -> None:
        """Queue the events once more; items taken in already stay as they are."""
        number = events.work_again(events=queryset, at=timezone.now())
        self.message_user(request, _("Worked again: %(number)d.") % {"number": number})


@admin.register(Inbound)
class InboundAdmin(ReadOnlyAdmin):
    """Customers' messages, by Meta's ids."""

    list_display = ("received_at", "kind", "identity", "message", "wamid")
    list_filter = ("kind", "sender")
    list_select_related = ("identity", "message")
    search_fields = ("=wamid",)
    ordering = ("-received_at", "-id")


@admin.register(MediaFetch)
class MediaFetchAdmin(ReadOnlyAdmin):
    """Fetches of customers' files."""

    list_display = ("created_at", "attachment", "state", "attempts", "media_id")
    list_filter = ("state", "sender")
    list_select_related = ("attachment",)
    ordering = ("-created_at", "-id")


def _in_words(code: str) -> str:
    """Return a word of Meta's as people write it: PENDING_DELETION is Pending deletion."""
    return formats.label(code).capitalize()
