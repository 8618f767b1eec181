"""Contacts, and the identifiers under which sources know them."""

from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from channels_layer import names
from channels_layer.ids import new_id
from conversations import source_kinds

LONGEST_NAME = 200
DETAILS = ("name", "email", "phone")


class ContactQuerySet(models.QuerySet["Contact"]):
    """Named filters over contacts."""

    def matching(self, text: str) -> "ContactQuerySet":
        """Keep contacts whose name, email, phone, @name or external id contains ``text``."""
        fields = ("name", "email", "phone", "identities__external_id")
        wanted = {f"{field}__icontains": text for field in fields}
        for name in source_kinds.handle_attributes():
            wanted[f"attributes__{name}__icontains"] = text.removeprefix("@")
        return self.filter(reduce(or_, (models.Q(one) for one in wanted.items()))).distinct()


class Contact(models.Model):
    """The customer; a phone number is an attribute, never the identity."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("name"), max_length=LONGEST_NAME, blank=True)
    email = models.EmailField(_("email"), blank=True)
    phone = models.CharField(
        _("phone"), max_length=32, blank=True, help_text=_("E.164, such as +46703184402.")
    )
    kept_fields = models.JSONField(
        _("kept fields"),
        default=list,
        blank=True,
        help_text=_("The details that staff wrote: no source fills or changes them."),
    )
    attributes = models.JSONField(_("attributes"), default=dict, blank=True)
    blocked_at = models.DateTimeField(_("blocked at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"))

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="contact_newest"),
            models.Index(fields=["email"], name="contact_email"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_blocked(self) -> bool:
        """Whether this contact may no longer use the assistant."""
        return self.blocked_at is not None

    @property
    def reference(self) -> str:
        """The name of this contact as an actor, in rows and events."""
        return f"contact:{self.pk}"

    @property
    def label(self) -> str:
        """What to call the contact: name, phone, email, @name, else a short identifier."""
        name = names.line(self.name, LONGEST_NAME)
        known = name or self.phone or self.email or handle_of(self.attributes)
        return known or f"Visitor {str(self.id)[-4:]}"

    @property
    def heading(self) -> str:
        """What to call the contact in a place of its own; what reads like a sentence is quoted."""
        return names.shown(self.name, LONGEST_NAME) or self.label

    @property
    def mention(self) -> str:
        """What to call the contact within a sentence, in which it is always quoted."""
        return names.quoted(self.label)


def handle_of(attributes: Mapping[str, Any]) -> str:
    """Return the public name among a contact's attributes, such as @ann, or an empty text."""
    handles = (attributes.get(name) for name in source_kinds.handle_attributes())
    handle = next(filter(None, handles), "")
    return f"@{handle}" if handle else ""


class Identity(models.Model):
    """One identifier of a contact within a source."""

    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), on_delete=models.CASCADE, related_name="identities"
    )
    source = models.ForeignKey(
        "conversations.Source",
        verbose_name=_("source"),
        on_delete=models.CASCADE,
        related_name="identities",
    )
    external_id = models.CharField(_("external id"), max_length=200)
    is_verified = models.BooleanField(_("verified"), default=False)

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"], name="identity_unique_per_source"
            ),
        ]

    def __str__(self) -> str:
        return self.external_id
