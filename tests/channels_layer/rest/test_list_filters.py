"""Filters of lists: what has no value costs nothing, and pages offer all of them nevertheless."""

import pytest
from django.contrib.auth.models import User
from django.http import QueryDict

from channels_layer.rest.lists.query import ListQuery
from conversations.filters import InboxFilter
from conversations.models import Conversation
from handoff.models import Lifecycle
from tests import factories

pytestmark = pytest.mark.django_db

ADDRESS = "status=active&owner=&activity=often"


def query(alice: User) -> ListQuery:
    """Return the inbox's query for an address with a value, an empty one, and a wrong one."""
    return ListQuery(
        InboxFilter, QueryDict(ADDRESS), actor=factories.staff(alice), at=factories.NOON
    )


def test_only_filters_with_a_value_are_made(alice: User) -> None:
    bound = InboxFilter(QueryDict(ADDRESS), actor=factories.staff(alice), at=factories.NOON)
    assert set(bound.filters) == {"status", "activity"}
    assert set(bound.errors) == {"activity"}
    assert "owner" in InboxFilter.base_filters


def test_all_are_offered(alice: User) -> None:
    offered = {field.name: field.value for field in query(alice).fields}
    assert offered.items() >= {"owner": "", "handoff": "", "source": "", "activity": ""}.items()


def test_a_wrong_value_is_skipped_and_others_count(alice: User) -> None:
    active, ended = factories.conversation(), factories.conversation()
    Conversation.objects.filter(pk=ended.pk).update(lifecycle=Lifecycle.ENDED)
    found = query(alice)
    assert found.encoded() == "?status=active"
    assert list(found.queryset()) == [active]
