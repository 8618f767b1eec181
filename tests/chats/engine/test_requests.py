"""Writing: a request as the model that is asked takes it."""

from typing import Any

import pytest

from chats.engine import requests, textual
from chats.engine.parts import Json, ModelRequest
from chats.engine.requests import NOT_SEEN, Defaults
from chats.engine.traits import (
    AT_MOST,
    IMAGES,
    NO_IMAGES,
    NO_SYSTEM,
    NO_TOOLS,
    PLAIN_SCHEMAS,
    REASONED_CALLS,
    RENAMED,
    SIGNED_CALLS,
    TOKENS,
    WINDOW,
    WITHOUT,
    Trait,
    Traits,
)
from tests.chats.engine.test_adaptations import CALL, TOOL

ASKED: Json = {"role": "user", "content": "Hello"}
KIND: Json = {"role": "system", "content": "Be kind."}
CALLED: list[Json] = [
    ASKED,
    {"role": "assistant", "content": "", "tool_calls": [CALL]},
    {"role": "tool", "tool_call_id": "c1", "content": "A lamp."},
]


def body(*traits: Trait, messages: list[Json] | None = None, **more: Any) -> Json:
    request = ModelRequest("m", [KIND, *(messages or [ASKED])], **more)
    return requests.body_of(request, Traits(traits), Defaults(4096))


def picture(name: str, **more: Any) -> Json:
    return {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{name}"}, **more}


def test_a_model_of_which_nothing_is_known_gets_all() -> None:
    assert body(tools=[TOOL], options={"temperature": 0.3, "max_tokens": 7}) == {
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.3,
        "messages": [KIND, ASKED],
        "max_tokens": 7,
        "tools": [TOOL],
    }


@pytest.mark.parametrize(
    ("traits", "wanted"),
    [
        ([Trait(RENAMED, TOKENS, "max_completion_tokens")], {"max_completion_tokens": 4096}),
        ([Trait(AT_MOST, TOKENS, "100")], {"max_tokens": 100}),
        (
            [Trait(AT_MOST, TOKENS, "100"), Trait(RENAMED, TOKENS, "max_completion_tokens")],
            {"max_completion_tokens": 100},
        ),
        ([Trait(RENAMED, TOKENS, "max_completion_tokens"), Trait(WITHOUT, TOKENS)], {}),
    ],
)
def test_the_limit_is_named_and_lowered(traits: list[Trait], wanted: Json) -> None:
    written = body(*traits)
    assert {name: written[name] for name in written if name.startswith("max_")} == wanted


def test_an_option_of_nothing_is_none() -> None:
    written = body(options={"temperature": None, "max_tokens": None})
    assert (written["max_tokens"], "temperature" in written) == (4096, False)


def test_a_value_is_lowered_and_never_raised() -> None:
    trait = Trait(AT_MOST, "temperature", "1")
    assert body(trait, options={"temperature": 1.5})["temperature"] == 1
    assert body(trait, options={"temperature": 0.3})["temperature"] == 0.3


def test_what_asks_for_no_stream_asks_for_no_usage_of_it() -> None:
    assert body(Trait(WITHOUT, "stream")).keys().isdisjoint({"stream", "stream_options"})


def test_the_words_of_the_system_stand_between_tags_of_their_own() -> None:
    (message,) = body(Trait(NO_SYSTEM))["messages"]
    assert message["role"] == "user"
    assert message["content"].startswith("<instructions>\n")
    assert message["content"].endswith("Be kind.\n</instructions>\n\nHello")


def test_tools_are_told_in_words_and_calls_too() -> None:
    written = body(Trait(NO_TOOLS), messages=CALLED, tools=[TOOL])
    system, asked, called, result = written["messages"]
    assert "tools" not in written
    assert textual.ORDER in system["content"]
    assert asked == ASKED
    assert called["content"] == (
        '<tool_call>\n{"name":"search_knowledge","arguments":{"query":"lamp"}}\n</tool_call>'
    )
    assert result["role"] == "user"
    assert result["content"] == "<tool_result>\nsearch_knowledge: A lamp.\n</tool_result>"


def test_images_become_the_words_about_them() -> None:
    shown: Json = {"role": "user", "content": [picture("A", words="A lamp."), picture("B")]}
    seen = body(messages=[shown])["messages"][-1]["content"]
    told = body(Trait(NO_IMAGES), messages=[shown])["messages"][-1]["content"]
    assert seen == [picture("A"), picture("B")]
    assert told == f"<attached_file>\nA lamp.\n</attached_file>\n\n{NOT_SEEN}"


def test_the_newest_images_alone_are_shown_where_there_may_be_few() -> None:
    one: Json = {"role": "user", "content": [picture("A")]}
    other: Json = {"role": "user", "content": [picture("B"), picture("C")]}
    written = body(Trait(AT_MOST, IMAGES, "1"), messages=[one, other])["messages"]
    assert [part for part in written[-1]["content"] if part["type"] == "image_url"] == [
        picture("C")
    ]


def test_schemas_are_plain_where_that_is_wanted() -> None:
    (tool,) = body(Trait(PLAIN_SCHEMAS), tools=[TOOL])["tools"]
    assert tool["function"]["parameters"] == {
        "type": "object",
        "properties": {"query": {"type": "string"}},
        "required": ["query"],
    }


def test_calls_go_back_as_their_server_wants_them() -> None:
    traits = [Trait(SIGNED_CALLS), Trait(REASONED_CALLS)]
    called = body(*traits, messages=CALLED, tools=[TOOL])["messages"][2]
    assert called["reasoning_content"] == " "
    assert "thought_signature" in str(called["tool_calls"][0]["extra_content"])


@pytest.mark.parametrize("traits", [(), (Trait(SIGNED_CALLS),)])
def test_a_signature_goes_back_with_the_call_that_it_came_with(traits: tuple[Trait, ...]) -> None:
    signed = {**CALL, "id": "c2", "extra_content": {"google": {"thought_signature": "SIG"}}}
    called = [ASKED, {"role": "assistant", "content": "", "tool_calls": [CALL, signed]}]
    plain, own = body(*traits, messages=called, tools=[TOOL])["messages"][2]["tool_calls"]
    assert own["extra_content"] == signed["extra_content"]
    assert ("extra_content" in plain) == bool(traits)


def test_the_system_and_the_newest_question_stay_in_a_small_window() -> None:
    said: list[Json] = [
        {"role": "user", "content": f"question {n} " + "word " * 99} for n in range(9)
    ]
    written = body(Trait(WINDOW, "", "600"), messages=said)
    assert written["messages"][0] == KIND
    assert "question 8" in written["messages"][-1]["content"]
    assert "question 0" not in str(written["messages"])
    assert requests.tokens_of(written) + written["max_tokens"] <= 600


def test_a_question_that_is_too_long_alone_is_cut_in_its_middle() -> None:
    said: Json = {"role": "user", "content": "begin " + "word " * 2000 + "end"}
    written = body(Trait(WINDOW, "", "1000"), messages=[said])
    content = written["messages"][-1]["content"]
    assert content.startswith("begin ")
    assert "[… left out …]" in content
    assert content.endswith("end")
    assert requests.tokens_of(written) + written["max_tokens"] <= 1000


def test_results_of_tools_go_before_what_was_said() -> None:
    messages = [*CALLED[:2], {**CALLED[2], "content": "word " * 2000}]
    written = body(Trait(WINDOW, "", "1200"), messages=messages)["messages"]
    assert written[1] == ASKED
    assert "[… left out …]" in written[-1]["content"]


def test_what_is_known_of_the_customer_stays_when_the_oldest_goes() -> None:
    known = "<about_customer>\nplan: gold\n</about_customer>"
    said: list[Json] = [{"role": "user", "content": f"{known}\n\nfirst " + "word " * 300}]
    said += [{"role": "assistant", "content": "word " * 300}, ASKED]
    written = body(Trait(WINDOW, "", "500"), messages=said)["messages"]
    assert written[1]["content"].startswith(known)
    assert "first" not in written[1]["content"]
