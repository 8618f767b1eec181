"""A registry: entries by key, one of each, in the order of registration."""

import pytest

from channels_layer.registry import NotRegisteredError, Registry


@pytest.fixture
def tools() -> Registry[str, str]:
    """Return a registry with two entries."""
    tools: Registry[str, str] = Registry("tool")
    tools.register("saw", "a saw")
    tools.register("hammer", "a hammer")
    return tools


def test_finds_an_entry_by_its_key(tools: Registry[str, str]) -> None:
    assert tools["saw"] == "a saw"
    assert tools.get("saw") == "a saw"
    assert "saw" in tools


def test_names_the_key_that_has_no_entry(tools: Registry[str, str]) -> None:
    with pytest.raises(NotRegisteredError) as refusal:
        tools["drill"]
    assert str(refusal.value) == "The tool 'drill' is not registered."
    assert tools.get("drill") is None
    assert "drill" not in tools


def test_lists_entries_in_the_order_of_registration(tools: Registry[str, str]) -> None:
    assert list(tools.items()) == [("saw", "a saw"), ("hammer", "a hammer")]
    assert len(tools) == 2


def test_takes_the_same_entry_once_more(tools: Registry[str, str]) -> None:
    tools.register("saw", "a saw")
    assert list(tools) == ["saw", "hammer"]


def test_refuses_a_different_entry_and_names_both(tools: Registry[str, str]) -> None:
    with pytest.raises(ValueError, match="'saw' is registered already: 'a saw', not 'an axe'"):
        tools.register("saw", "an axe")
    assert tools["saw"] == "a saw"
