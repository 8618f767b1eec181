"""Limits of models in the admin: what was refused, in the provider's words, and forgetting it."""

from datetime import datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from chats.engine.traits import NO_TOOLS, WITHOUT, Trait
from chats.models import ModelTrait
from chats.services import traits
from tests.factories import AssistantFactory

PAGE = reverse("admin:chats_modeltrait_changelist")
WORDS = "Only the default (1) value is supported."


@pytest.fixture
def learnt(noon: datetime) -> list[ModelTrait]:
    """Two things that a model refused."""
    found = [Trait(WITHOUT, "temperature", words=WORDS), Trait(NO_TOOLS)]
    traits.learn(url=traits.base_url(), model="a-model", traits=found, at=noon)
    return list(ModelTrait.objects.order_by("id"))


def test_shows_what_was_refused_and_why(office: Client, learnt: list[ModelTrait]) -> None:
    page = office.get(PAGE).content.decode()
    assert WORDS in page
    assert "asked without “temperature”" in page
    ada = AssistantFactory.create(model="a-model")
    form = office.get(reverse("admin:conversations_assistant_change", args=[ada.pk]))
    assert str(learnt[1]) in form.content.decode()


def test_forgets_what_is_chosen_and_notes_who_did(office: Client, learnt: list[ModelTrait]) -> None:
    body = {"action": "forget", "_selected_action": [learnt[0].pk]}
    assert office.post(PAGE, body).status_code == 302
    assert list(ModelTrait.objects.all()) == [learnt[1]]
    assert LogEntry.objects.filter(object_repr=str(learnt[0])).count() == 1


def test_nobody_else_forgets(alice: object, learnt: list[ModelTrait]) -> None:
    page = Client()
    page.force_login(alice)  # type: ignore[arg-type]
    page.post(PAGE, {"action": "forget", "_selected_action": [learnt[0].pk]})
    assert ModelTrait.objects.count() == len(learnt)
