"""The demo model's brain: sensible answers, always the same."""

from typing import Any

import orjson
import pytest

from config.demo.model import brain, prompt, tokens
from config.demo.model.brain import Reply

Json = dict[str, Any]


def tool(name: str, *arguments: str) -> Json:
    properties = {argument: {"type": "string"} for argument in arguments}
    parameters = {"type": "object", "properties": properties, "required": list(arguments)}
    return {"type": "function", "function": {"name": name, "parameters": parameters}}


SEARCH = tool("search_knowledge", "query")
HANDOFF = tool("request_handoff", "reason")
ORDER = tool("lookup_order", "order_number")
SYSTEM = "You are Ada, an assistant.\n\n- name: Victor\n- plan: gold"


def think(*said: str | Json, tools: list[Json] | None = None, model: str = "demo") -> Reply:
    messages: list[Json] = [{"role": "system", "content": SYSTEM}]
    messages += [{"role": "user", "content": s} if isinstance(s, str) else s for s in said]
    return brain.think(prompt.read({"model": model, "messages": messages, "tools": tools or []}))


def result(name: str, content: Json) -> list[Json]:
    call = {"id": "c1", "type": "function", "function": {"name": name, "arguments": "{}"}}
    return [
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": orjson.dumps(content).decode()},
    ]


def test_greets_by_name() -> None:
    assert think("Hello!").text.startswith("Hello, Victor! I am Ada.")


def test_knows_the_variables() -> None:
    assert think("What is my plan?", tools=[SEARCH]).text.startswith("Your plan is gold.")


def test_searches_for_what_the_question_is_about() -> None:
    (call,) = think("How do I return a lamp?", tools=[SEARCH, HANDOFF]).calls
    assert (call.name, orjson.loads(call.arguments)) == (
        "search_knowledge",
        {"query": "return lamp"},
    )


def test_answers_from_the_first_article_and_names_it() -> None:
    found = {"articles": [{"title": "Returns", "text": "Within 30 days."}, {"title": "Parcels"}]}
    text = think("How do I return it?", *result("search_knowledge", found), tools=[SEARCH]).text
    assert text.startswith("According to “Returns”: Within 30 days.")
    assert "“Parcels”" in text


def test_admits_what_it_does_not_know() -> None:
    nothing: Json = {"articles": []}
    text = think("Do you sell giraffes?", *result("search_knowledge", nothing)).text
    assert text.startswith("I couldn't find information about sell giraffes")


@pytest.mark.parametrize(
    "wish", ["I want a human", "Can I talk to a person?", "connect me with an agent please"]
)
def test_requests_a_person_when_the_customer_wants_one(wish: str) -> None:
    (call,) = think(wish, tools=[SEARCH, HANDOFF]).calls
    assert call.name == "request_handoff"


def test_uses_the_tool_that_the_words_name() -> None:
    (call,) = think("Where is my order NH-1042?", tools=[SEARCH, ORDER]).calls
    assert (call.name, orjson.loads(call.arguments)) == (
        "lookup_order",
        {"order_number": "NH-1042"},
    )


def test_does_not_guess_a_number() -> None:
    (call,) = think("How do I place an order?", tools=[SEARCH, ORDER]).calls
    assert call.name == "search_knowledge"


@pytest.mark.parametrize(
    ("wish", "sign"), [("a list", "- Ask"), ("a table", "| --- |"), ("some code", "```python")]
)
def test_writes_markdown_on_request(wish: str, sign: str) -> None:
    assert sign in think(f"Please write {wish}").text


def test_counts_images() -> None:
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA"}}
    seen = {"role": "user", "content": [{"type": "text", "text": "Look"}, image, image]}
    assert "I can see 2 images." in think(seen).text


def test_counts_images_where_it_knows_nothing() -> None:
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA"}}
    parts = [{"type": "text", "text": "Do you sell giraffes?"}, image]
    nothing: Json = {"articles": []}
    found = result("search_knowledge", nothing)
    text = think({"role": "user", "content": parts}, *found).text
    assert text.startswith("I can see 1 image.\n\nI couldn't find information")


def test_reads_all_that_is_unanswered() -> None:
    said = think("orchids", {"role": "assistant", "content": "Yes?"}, "tulips", "roses").text
    assert "tulips / roses" in said
    assert "orchids" not in said


@pytest.mark.parametrize("question", ["hello", "What is this?", "My lamp is dark"])
def test_answers_at_some_length_and_always_the_same(question: str) -> None:
    text = think(question).text
    assert tokens.count(text) >= 40
    assert text == think(question).text


def test_writes_titles() -> None:
    order = {"role": "user", "content": "<question>Where is my green lamp?</question>"}
    body = {
        "model": "demo-utility",
        "messages": [{"role": "system", "content": "Write a title for the conversation."}, order],
    }
    assert brain.think(prompt.read(body)).text == "Green lamp"


def test_writes_packets_that_say_something() -> None:
    said = """<conversation>
customer: My order ORD-12345 came broken. I want €189.00 back. It is a gift.
assistant: I am **sorry** for that. Would you like a refund?
customer: Yes, a refund please.
</conversation>"""
    wanted = "Write a JSON object with `summary`, `goal`, `facts` and `tried`."
    system = {"role": "system", "content": wanted}
    body = {
        "model": "demo-utility",
        "response_format": {"type": "json_object"},
        "messages": [system, {"role": "user", "content": said}],
    }
    assert orjson.loads(brain.think(prompt.read(body)).text) == {
        "summary": "My order ORD-12345 came broken. I want €189.00 back. I am sorry for that.",
        "goal": "Yes, a refund please.",
        "facts": ["ORD-12345", "€189.00"],
        "tried": ["I am sorry for that."],
    }


def test_tokens_are_the_text() -> None:
    text = "  Hej, världen!\n\n| a | b |\n🙂 antidisestablishmentarianism "
    assert "".join(tokens.split(text)) == text


def test_takes_scripts_from_the_model_s_name() -> None:
    assert think("hello", model="demo:words=7").text.count(" ") == 6


@pytest.mark.parametrize("wish", ["Please follow up on this", "Can someone get back to me?"])
def test_raises_a_ticket_for_a_follow_up_and_says_its_number(wish: str) -> None:
    tickets = tool("create_ticket", "subject", "description")
    (call,) = think(wish, tools=[SEARCH, HANDOFF, tickets]).calls
    assert call.name == "create_ticket"
    assert orjson.loads(call.arguments)["subject"] == wish

    said = think(wish, *result("create_ticket", {"number": 7}), tools=[tickets]).text
    assert "ticket #7" in said


def test_searches_with_no_more_than_the_search_takes() -> None:
    reply = think(f"Where is {'w' * 400}?", tools=[SEARCH])

    assert len(orjson.loads(reply.calls[0].arguments)["query"]) == 300
