"""What a model refuses is refused by the API and by the form alike."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from channels_layer.errors import InvalidError
from channels_layer.models import ApiKey
from conversations import handoff_triggers
from conversations.models import Assistant, Source
from conversations.services import assistants, sources
from tests.api import clients
from tests.factories import AssistantFactory, SourceFactory

V1 = clients.V1
WRONG = [
    ("temperature", 9),
    ("temperature", -0.1),
    ("temperature", "NaN"),
    ("context_tokens", 10),
    ("first_token_seconds", 0),
    ("total_seconds", 4000),
    ("instructions", "x" * 50_001),
    ("greeting", "x" * 10_001),
    ("name", " "),
    ("avatar", "javascript:alert(1)"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("field", "value"), WRONG)
def test_an_assistant_is_the_same_to_both(
    field: str, value: object, office: Client, dora: User
) -> None:
    ada = AssistantFactory.create()
    change = {field: value}
    answer = clients.browser(dora).patch(f"{V1}/assistants/{ada.pk}/", change)
    assert clients.refusal(answer) == (400, "invalid")
    assert list(answer.json()["fields"]) == [field]

    body = {"name": "Ada", "is_active": "on", **change}
    page = office.post(reverse("admin:conversations_assistant_change", args=[ada.pk]), body)
    assert field in page.context["adminform"].form.errors
    assert Assistant.objects.get().temperature is None


@pytest.mark.slow
@pytest.mark.parametrize("value", [-1, 61, "NaN", "inf"])
def test_a_source_is_the_same_to_both(value: object, office: Client, dora: User) -> None:
    source = SourceFactory.create()
    answer = clients.browser(dora).patch(f"{V1}/sources/{source.pk}/", {"gather_seconds": value})
    assert clients.refusal(answer) == (400, "invalid")

    body = {"name": "Shop", "assistant": str(source.assistant_id), "gather_seconds": value}
    page = office.post(reverse("admin:conversations_source_change", args=[source.pk]), body)
    assert "gather_seconds" in page.context["adminform"].form.errors
    assert Source.objects.get().gather_seconds == 0.0


@pytest.mark.slow
def test_an_article_is_the_same_to_both(office: Client, dora: User) -> None:
    ada = AssistantFactory.create()
    body = {"assistant": str(ada.pk), "title": "Long", "text": "x" * 100_001, "is_active": "on"}
    answer = clients.browser(dora).post(f"{V1}/articles/", body)
    assert clients.refusal(answer) == (400, "invalid")

    page = office.post(reverse("admin:chats_article_add"), body)
    assert "text" in page.context["adminform"].form.errors


@pytest.mark.parametrize(
    "value",
    [
        {"word": ["lawyer"]},
        {"words": "lawyer"},
        {"words": [""]},
        {"words": ["x" * 81]},
        {"words": [1]},
        {"turn_cap": 0},
        {"turn_cap": 1001},
        {"turn_cap": True},
        {"turn_cap": 1.5},
        ["lawyer"],
    ],
)
def test_misspelt_triggers_are_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        handoff_triggers.validate(value)


def test_the_api_drops_no_misspelt_trigger(dora: User) -> None:
    administrators = clients.browser(dora)
    for triggers in ({"wrods": ["lawyer"]}, {"turn_cap": 5, "turncap": 5}):
        body = {"name": "Kit", "handoff_triggers": triggers}
        answer = administrators.post(f"{V1}/assistants/", body)
        assert clients.refusal(answer) == (400, "invalid")
        assert "no trigger named" in str(answer.json()["fields"])
    whole = {"name": "Kit", "handoff_triggers": {"words": ["lawyer"], "turn_cap": 20}}
    assert administrators.post(f"{V1}/assistants/", whole).status_code == 201


@pytest.mark.parametrize("tools", [["a", "a"], [""], ["x" * 81], "a", [1]])
@pytest.mark.django_db
def test_the_service_refuses_what_no_serializer_saw(tools: object) -> None:
    ada = AssistantFactory.create()
    with pytest.raises(InvalidError) as refusal:
        assistants.update(assistant=ada, values={"tools": tools})
    assert list(refusal.value.fields) == ["tools"]
    with pytest.raises(InvalidError):
        assistants.create(values={"name": "Kit", "temperature": 9.0})
    with pytest.raises(InvalidError):
        sources.create(values={"kind": "api", "name": "x" * 81, "assistant": ada})


@pytest.mark.parametrize("name", ["", "x" * 101])
@pytest.mark.django_db
def test_a_key_has_a_name_that_fits(name: str) -> None:
    with pytest.raises(CommandError, match=r"blank|at most 100"):
        call_command("createapikey", name, "--scope", "events:read")
    assert not ApiKey.objects.exists()
