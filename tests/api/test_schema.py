"""The OpenAPI schema: complete, valid, public."""

import re
from io import StringIO

import orjson
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.test import APIClient

from tests.objects import schemas

MOST_SUMMARY = 80


def api_paths() -> list[str]:
    """Return every path below the API, as the schema writes it."""
    found: list[str] = []
    for entry in get_resolver().url_patterns:
        if isinstance(entry, URLResolver) and str(entry.pattern) == "api/v1/":
            found += [
                re.sub(r"<\w+:(\w+)>", r"{\1}", str(pattern.pattern))
                for pattern in entry.url_patterns
                if isinstance(pattern, URLPattern) and pattern.name != "unknown"
            ]
    return found


def test_is_valid_without_a_warning() -> None:
    output = StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=output)

    assert "openapi: 3" in output.getvalue()


@pytest.mark.django_db
def test_describes_every_path_for_everybody(anonymous: APIClient) -> None:
    response = anonymous.get("/api/schema/", HTTP_ACCEPT="application/json")
    schema = response.json()

    assert response.status_code == 200
    described = {path.removeprefix("/api/v1/") for path in schema["paths"]}
    assert set(api_paths()) <= described
    for path in schema["paths"].values():
        for operation in path.values():
            assert "4XX" in operation["responses"]
            assert operation["description"]
            assert 0 < len(operation["summary"]) <= MOST_SUMMARY
            assert "`" not in operation["summary"]


@pytest.mark.django_db
def test_numbers_and_ids_in_addresses_have_bounds(anonymous: APIClient) -> None:
    paths = anonymous.get("/api/schema/?format=json").json()["paths"]
    parameters = [
        (one["name"], one["schema"])
        for path in paths.values()
        for operation in path.values()
        for one in operation.get("parameters", ())
        if one["in"] == "query"
    ]

    limits = [schema for name, schema in parameters if name == "limit"]
    assert limits
    assert all((one["minimum"], one["maximum"], one["default"]) == (1, 100, 50) for one in limits)
    assert all("minimum" in one for _, one in parameters if one.get("type") == "integer")
    assert all(one["minLength"] for name, one in parameters if name == "topic")


@pytest.mark.django_db
@pytest.mark.parametrize("accept", ["*/*", "text/html", "application/vnd.oai.openapi"])
def test_the_form_of_the_schema_can_be_named(anonymous: APIClient, accept: str) -> None:
    as_json = anonymous.get("/api/schema/?format=json", HTTP_ACCEPT=accept)
    as_yaml = anonymous.get("/api/schema/?format=yaml", HTTP_ACCEPT=accept)

    assert as_json["Content-Type"].startswith("application/")
    assert orjson.loads(as_json.content)["openapi"].startswith("3")
    assert as_yaml.content.startswith(b"openapi: 3")
    unknown = anonymous.get("/api/schema/?format=xml")
    assert (unknown.status_code, list(unknown.json()["fields"])) == (400, ["format"])


@pytest.mark.django_db
def test_shows_the_contract_s_objects() -> None:
    schema = APIClient().get("/api/schema/", HTTP_ACCEPT="application/json").json()
    content = schema["paths"]["/api/v1/conversations/{id}/"]["get"]["responses"]["200"]["content"]
    example = content["application/json"]["examples"]["Conversation"]["value"]

    assert set(schema["components"]["schemas"]["ConversationObject"]["properties"]) == set(example)


@pytest.mark.django_db
def test_the_docs_need_no_other_host() -> None:
    page = Client().get("/api/docs/")

    assert page.status_code == 200
    assert b"//cdn" not in page.content
    assert b"/static/drf_spectacular_sidecar/" in page.content


@pytest.mark.django_db
def test_the_docs_say_their_language_and_hold_no_inline_code() -> None:
    page = Client().get("/api/docs/").content.decode()

    assert '<html lang="en">' in page
    assert "<style" not in page
    assert not re.search(r"<script(?![^>]* src=)", page)


@pytest.mark.slow
def test_examples_are_what_is_sent() -> None:
    """Each example of an answer is held against the answer's own schema, strictly."""
    found = schemas.document()
    bodies = [
        body
        for path in found["paths"].values()
        for operation in path.values()
        for response in operation["responses"].values()
        for body in response.get("content", {}).values()
        if "examples" in body
    ]
    assert bodies
    wrong = []
    for body in bodies:
        validator = schemas.validator(body["schema"], found["components"]["schemas"])
        for example in body["examples"].values():
            wrong += schemas.problems(validator, example["value"])
    assert wrong == []
