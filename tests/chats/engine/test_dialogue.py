"""The dialogue: messages as the strictest servers take them."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chats.engine import dialogue
from chats.engine.dialogue import BEGINNING, GO_ON, NO_RESULT
from chats.engine.parts import Json

PICTURE: Json = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}


def user(content: object) -> Json:
    return {"role": "user", "content": content}


def assistant(content: object) -> Json:
    return {"role": "assistant", "content": content}


def system(content: str) -> Json:
    return {"role": "system", "content": content}


def text(words: str) -> Json:
    return {"type": "text", "text": words}


def calling(*calls: tuple[str, str], content: object = None) -> Json:
    made = [
        {"id": id_, "type": "function", "function": {"name": name, "arguments": "{}"}}
        for id_, name in calls
    ]
    return {"role": "assistant", "content": content, "tool_calls": made}


def result(id_: str, content: str = "found") -> Json:
    return {"role": "tool", "tool_call_id": id_, "content": content}


@pytest.mark.parametrize(
    ("given_messages", "wanted"),
    [
        ([user("a"), user("b")], [user("a\n\nb")]),
        ([user("a"), user([text("b"), PICTURE])], [user([text("a"), text("b"), PICTURE])]),
        ([user([text("a")]), user([text("b")])], [user("a\n\nb")]),
        (
            [user("q"), assistant("a"), assistant("[human colleague Alice]: b"), user("c")],
            [user("q"), assistant("a\n\n[human colleague Alice]: b"), user("c")],
        ),
        (
            [user("q"), assistant("[human colleague Alice]: b\n\nc"), assistant("d"), user("e")],
            [user("q"), assistant("[human colleague Alice]: b\n\nc\n\n[you]: d"), user("e")],
        ),
        ([assistant("Welcome"), user("a")], [user(BEGINNING), assistant("Welcome"), user("a")]),
        ([user("a"), assistant("b")], [user("a"), assistant("b"), user(GO_ON)]),
        ([], [user(BEGINNING)]),
        ([user("a"), user("  "), assistant(""), user("b")], [user("a\n\nb")]),
        ([user([text(" "), PICTURE])], [user([PICTURE])]),
        ([user("a"), system("x"), user("b"), system("y")], [system("x\n\ny"), user("a\n\nb")]),
        ([{"role": "developer", "content": "x"}, user("a")], [system("x"), user("a")]),
        ([{**user("a"), "name": "Victor Hugo"}], [user("a")]),
        ([user("a"), result("lost"), user("b")], [user("a\n\nb")]),
    ],
)
def test_messages_take_turns(given_messages: list[Json], wanted: list[Json]) -> None:
    assert dialogue.strict(given_messages) == wanted


def test_a_turn_of_calls_alone_has_empty_content() -> None:
    said = dialogue.strict([user("a"), calling(("abcdefgh1", "find")), result("abcdefgh1")])
    assert said[1]["content"] == ""
    assert said[2] == result("abcdefgh1")


def test_each_call_has_its_result_behind_it_whatever_the_order() -> None:
    said = dialogue.strict(
        [
            user("a"),
            calling(("1", "x"), ("2", "y"), ("3", "z")),
            result("2", "two"),
            result("1", ""),
        ]
    )
    ids = [call["id"] for call in said[1]["tool_calls"]]
    assert [message["tool_call_id"] for message in said[2:]] == ids
    assert [message["content"] for message in said[2:]] == [NO_RESULT, "two", NO_RESULT]


def test_ids_that_come_back_in_a_later_step_are_told_apart() -> None:
    steps = [calling(("call_0", "x")), result("call_0", "one")]
    said = dialogue.strict([user("a"), *steps, calling(("call_0", "x")), result("call_0", "two")])
    ids = [call["id"] for message in said for call in message.get("tool_calls", ())]
    assert len(set(ids)) == 2
    assert all(re.fullmatch("[A-Za-z0-9]{9}", one) for one in ids)
    assert [message["content"] for message in said if message["role"] == "tool"] == ["one", "two"]


def test_ids_that_count_calls_stay_as_their_model_needs_them() -> None:
    said = dialogue.strict([user("a"), calling(("functions.find:0", "find"))])
    assert said[1]["tool_calls"][0]["id"] == "functions.find:0"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("find", "find"), ("shop.find it", "shop_find_it"), ("", "unknown"), ("x" * 99, "x" * 64)],
)
def test_names_of_tools_are_in_plain_signs(name: str, wanted: str) -> None:
    said = dialogue.strict([user("a"), calling(("1", name))])
    assert said[1]["tool_calls"][0]["function"]["name"] == wanted


def test_the_beginning_stays_the_same_from_turn_to_turn() -> None:
    said: list[Json] = [system("x"), assistant("Welcome"), user("a"), user("b"), assistant("c")]
    before = dialogue.strict([*said, user("d")])
    after = dialogue.strict([*said, user("d"), calling(("1", "find")), result("1"), user("e")])
    assert after[: len(before)] == before


CONTENT = st.one_of(
    st.none(), st.text(max_size=5), st.lists(st.one_of(st.just(PICTURE), st.just(text("x"))))
)
CALLS = st.lists(
    st.fixed_dictionaries(
        {"id": st.sampled_from(["1", "call_0", "abcdefgh1"])},
        optional={"function": st.just({"name": "find", "arguments": "{}"})},
    ),
    max_size=3,
)
MESSAGES = st.lists(
    st.one_of(
        st.fixed_dictionaries({"role": st.sampled_from(["system", "user"]), "content": CONTENT}),
        st.fixed_dictionaries(
            {"role": st.just("assistant"), "content": CONTENT, "tool_calls": CALLS}
        ),
        st.fixed_dictionaries(
            {"role": st.just("tool"), "tool_call_id": st.just("1"), "content": st.text(max_size=3)}
        ),
    ),
    max_size=8,
)


@given(MESSAGES)
def test_any_messages_become_a_dialogue(messages: list[Json]) -> None:
    said = dialogue.strict(messages)
    roles = [message["role"] for message in said]
    assert "system" not in roles[1:]
    assert next(role for role in roles if role != "system") == "user"
    assert roles[-1] in {"user", "tool"}
    assert all(one != other or one == "tool" for one, other in pairwise(roles))
    assert all(message["content"] or message.get("tool_calls") for message in said)
    asked = [call["id"] for message in said for call in message.get("tool_calls", ())]
    answered = [message["tool_call_id"] for message in said if message["role"] == "tool"]
    assert asked == answered
    assert len(set(asked)) == len(asked)
