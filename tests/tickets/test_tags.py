"""The tags of a ticket."""

import pytest
from rest_framework.test import APIClient

from tests.api.clients import V1, refusal


@pytest.mark.both_databases
def test_a_tag_is_measured_as_it_is_kept(api: APIClient) -> None:
    body = {"subject": "Lamp", "tags": ["\u0130" * 40]}  # 80 letters in lower case
    response = api.post(f"{V1}/tickets/", body)

    assert refusal(response) == (400, "invalid")
    assert any(name.startswith("tags") for name in response.json()["fields"])
