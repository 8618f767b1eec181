"""The administration's navigation: by what one wants to do, the engine's tables apart."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from channels_layer.admin import ReadOnlyAdmin
from channels_layer.models import Event
from config import administration
from conversations.models import Assistant, Conversation, Source
from tests.factories import NOON, AssistantFactory

pytestmark = pytest.mark.slow


def test_groups_say_what_one_can_do(office: Client) -> None:
    groups = office.get("/admin/").context["sidebar_navigation"]

    assert [str(group["title"]) for group in groups] == [
        "Assistants",
        "Tools",
        "Channels",
        "People",
        "Automation",
        "Money",
        "System",
        "Diagnostics",
    ]
    assert all(group["items"] for group in groups)
    assert sum(len(group["items"]) for group in groups[:-1]) < 20


def test_the_engine_s_tables_are_looked_at_alone(office: Client) -> None:
    for model in administration.diagnostics():
        assert isinstance(admin.site.get_model_admin(model), ReadOnlyAdmin), model
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        assert office.get(reverse(f"{name}_changelist")).status_code == 200, model
        assert office.get(reverse(f"{name}_add")).status_code == 403, model
        for page in ("change", "delete"):
            path = reverse(f"{name}_{page}", args=["7"])
            assert office.post(path, {"post": "yes"}).status_code in {302, 403, 404}, model


def test_what_is_refused_is_a_sentence_with_a_way_on(office: Client) -> None:
    page = office.get(reverse("admin:chats_run_add")).content.decode()

    assert "Parley itself writes this" in page
    assert 'href="/admin/"' in page
    assert "no rights" not in page


def test_who_has_no_role_reads_so(client: Client, mallory: User) -> None:
    client.force_login(mallory)
    page = client.get("/conversations/").content.decode()

    assert "no rights for the support desk" in page
    assert 'href="/admin/"' not in page


@pytest.mark.parametrize("person", ["alice", "carol", "mallory"])
def test_who_may_not_administer_reads_so(
    person: str, client: Client, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(person)
    client.force_login(user)
    for path in ("/admin/", "/admin/conversations/source/"):
        response = client.get(path, follow=True)
        page = response.content.decode()
        assert response.status_code == 403
        assert f"signed in as {user.first_name}, who may not administer" in page
        assert 'href="/conversations/"' in page
        assert 'name="password"' not in page
    assert 'name="password"' in Client().get("/admin/", follow=True).content.decode()


@pytest.mark.parametrize("model", [Assistant, Source])
def test_what_conversations_name_is_switched_off_not_deleted(
    model: type[Model], office: Client, conversation: Conversation
) -> None:
    row = getattr(conversation, model._meta.model_name or "")
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    page = office.get(reverse(f"{name}_change", args=[row.pk])).content.decode()
    assert "Switch it off instead of deleting it" in page
    for offer in ("/delete/", "delete_selected"):
        assert offer not in page + office.get(reverse(f"{name}_changelist")).content.decode()
    path = reverse(f"{name}_delete", args=[row.pk])
    assert office.post(path, {"post": "yes"}).status_code == 403
    assert model._default_manager.filter(pk=row.pk).exists()


def test_an_assistant_leads_to_a_chat_with_it(office: Client) -> None:
    kit = AssistantFactory.create(name="Kit")
    page = office.get(reverse("admin:conversations_assistant_change", args=[kit.pk]))
    trial = f"/chats/?new&amp;assistant={kit.pk}"
    assert trial in page.content.decode()
    assert "handoff_triggers" not in page.content.decode()
    assert office.get(trial.replace("&amp;", "&")).context["chosen"] == kit


def test_stored_data_is_shown_without_inline_colours(office: Client) -> None:
    event = Event.objects.create(topic="t", seq=1, type="x", data={"name": "<b>å</b>"}, at=NOON)
    page = office.get(reverse("admin:channels_layer_event_change", args=[event.pk]))
    html = page.content.decode()

    assert "&lt;b&gt;å&lt;/b&gt;" in html
    assert "&quot;name&quot;" not in html
    assert 'style="' not in html
