"""Who gets in: every path refuses strangers, persons without a role and keys without the scope."""

import pytest
from rest_framework.test import APIClient

from conversations.models import Conversation
from tests.api.clients import V1, refusal, system

CONVERSATION = [
    ("get", "", "conversations:read"),
    ("get", "messages/", "conversations:read"),
    ("post", "messages/", "conversations:write"),
    ("post", "customer-messages/", "conversations:write"),
    ("post", "release", "conversations:write"),
    ("post", "end", "conversations:write"),
    ("post", "reopen", "conversations:write"),
    ("put", "assistant", "conversations:write"),
    ("get", "variables/", "conversations:read"),
    ("put", "variables/", "conversations:write"),
    ("get", "events/", "conversations:read"),
]
LISTS = [
    ("get", "conversations/", "conversations:read"),
    ("post", "conversations/", "conversations:write"),
    ("get", "contacts/", "contacts:read"),
    ("get", "assistants/", "assistants:read"),
    ("post", "assistants/", "assistants:write"),
    ("get", "sources/", "sources:read"),
    ("post", "sources/", "sources:write"),
    ("get", "agents/", "agents:read"),
]
CONTACT = [
    ("get", "", "contacts:read"),
    ("patch", "", "contacts:write"),
    ("post", "block", "contacts:write"),
    ("post", "unblock", "contacts:write"),
    ("get", "conversations/", "conversations:read"),
]


def routes(conversation: Conversation) -> list[tuple[str, str, str]]:
    """Return method, path and scope of everything that a key may ask for."""
    one = f"conversations/{conversation.pk}/"
    contact = f"contacts/{conversation.contact_id}/"
    configured = [
        (method, path, f"{scope}:{verb}")
        for path, scope in (
            (f"assistants/{conversation.assistant_id}/", "assistants"),
            (f"sources/{conversation.source_id}/", "sources"),
        )
        for method, verb in (("get", "read"), ("patch", "write"), ("delete", "write"))
    ]
    return [
        *LISTS,
        *[(method, one + path, scope) for method, path, scope in CONVERSATION],
        *[(method, contact + path, scope) for method, path, scope in CONTACT],
        *configured,
    ]


def test_refuses_the_unauthenticated(anonymous: APIClient, conversation: Conversation) -> None:
    for method, path, _ in routes(conversation):
        response = getattr(anonymous, method)(f"{V1}/{path}", {})
        assert refusal(response) == (401, "not_authenticated"), path


def test_refuses_persons_without_a_role(strangers: APIClient, conversation: Conversation) -> None:
    for method, path, _ in routes(conversation):
        response = getattr(strangers, method)(f"{V1}/{path}", {})
        assert refusal(response) == (403, "forbidden"), path


def test_refuses_keys_without_the_scope(conversation: Conversation) -> None:
    for method, path, scope in routes(conversation):
        other = f"{scope.partition(':')[0]}:{'write' if scope.endswith('read') else 'read'}"
        response = getattr(system(other, name=path[:60]), method)(f"{V1}/{path}", {})
        assert refusal(response) == (403, "forbidden"), path


def test_lets_keys_with_the_scope_ask(conversation: Conversation) -> None:
    for method, path, scope in routes(conversation):
        if method != "delete":
            response = getattr(system(scope), method)(f"{V1}/{path}", {})
            expected = {200, 201, 400, 404} if path.startswith("contacts") else {200, 201, 400}
            assert response.status_code in expected, (path, response.content)


def test_refuses_a_wrong_key(anonymous: APIClient) -> None:
    anonymous.credentials(HTTP_AUTHORIZATION="Bearer parley_wrong")
    response = anonymous.get(f"{V1}/conversations/")

    assert refusal(response) == (401, "not_authenticated")
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_refuses_a_session_without_its_token(alice: object, conversation: Conversation) -> None:
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(alice)  # type: ignore[arg-type]
    response = browser.post(f"{V1}/conversations/{conversation.pk}/end", {})

    assert refusal(response) == (403, "forbidden")


@pytest.mark.parametrize("path", ["conversations/nonsense/", "nowhere", "contacts/7/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_does_not_exist_is_not_found(method: str, path: str, shop: APIClient) -> None:
    assert refusal(getattr(shop, method)(f"{V1}/{path}", {})) == (404, "not_found")


def test_agents_do_not_configure(api: APIClient, conversation: Conversation) -> None:
    for path in ("assistants/", "sources/"):
        assert api.get(f"{V1}/{path}").status_code == 200
        assert refusal(api.post(f"{V1}/{path}", {})) == (403, "forbidden")
