"""The demo model's brain: sensible answers, always the same."""

from typing import Any

import orjson
import pytest

from config.demo.model import brain, guesses, prompt, tokens
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


GET_ORDER = tool("get_order", "order_number")
REFUND = tool("refund_order", "order_number", "amount", "reason")
REFUND["function"]["parameters"]["properties"]["amount"] = {"type": "number", "minimum": 0.01}
ADDRESS = tool("change_address", "order_number", "street", "postcode", "town")
SHOP = [SEARCH, HANDOFF, GET_ORDER, REFUND, ADDRESS]
FOUND = {
    "number": "ORD-12345",
    "message": "ORD-12345 was delivered on 19 November.",
    "items": [{"name": "Fjord floor lamp", "price": 189.0}, {"name": "Cable", "price": 14.0}],
    "total": 203.0,
    "payment": {"paid": 203.0, "refundable": 189.0},
}


def think(*said: str | Json, tools: list[Json] | None = None, model: str = "demo") -> Reply:
    messages: list[Json] = [{"role": "system", "content": SYSTEM}]
    messages += [{"role": "user", "content": s} if isinstance(s, str) else s for s in said]
    return brain.think(prompt.read({"model": model, "messages": messages, "tools": tools or []}))


def result(name: str, content: Json) -> list[Json]:
    call = {"id": name, "type": "function", "function": {"name": name, "arguments": "{}"}}
    return [
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": name, "content": orjson.dumps(content).decode()},
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


def called(reply: Reply) -> tuple[str, Json]:
    """Return the one tool that ``reply`` calls, with its arguments."""
    (call,) = reply.calls
    return call.name, orjson.loads(call.arguments)


@pytest.mark.parametrize(
    "wish",
    ["I want a refund for ORD-12345", "ORD-12345 is cracked 2 times, I'd like my money back"],
)
def test_looks_an_order_up_before_it_gives_money_back(wish: str) -> None:
    assert called(think(wish, tools=SHOP)) == ("get_order", {"order_number": "ORD-12345"})

    looked_up = think(wish, *result("get_order", FOUND), tools=SHOP)
    arguments = {"order_number": "ORD-12345", "amount": 189.0, "reason": wish}
    assert called(looked_up) == ("refund_order", arguments)


def test_refunds_what_the_customer_says() -> None:
    reply = think("Please refund 20 € of my order ORD-12345", tools=SHOP)
    assert called(reply)[0] == "refund_order"
    assert called(reply)[1]["amount"] == 20


def test_tells_what_came_of_a_refund_and_not_what_it_looked_up() -> None:
    done = {"refund": "REF-000001", "message": "A refund of €189.00 was accepted."}
    said = [*result("get_order", FOUND), *result("refund_order", done)]
    text = think("I want a refund for ORD-12345", *said, tools=SHOP).text
    assert text.startswith("A refund of €189.00 was accepted.")
    assert "delivered" not in text


@pytest.mark.parametrize(
    ("error", "sign"),
    [
        ("It was not approved. The lamp is not ours", "decided against it. They wrote: “The lamp"),
        ("It was not approved.", "decided against it. Nothing was changed."),
        ("Nobody decided in time.", "nobody has decided on it in time"),
        ('The service answered 409: {"error":"It is refunded.","code":"x"}', "It is refunded."),
    ],
)
def test_says_kindly_what_could_not_be_done(error: str, sign: str) -> None:
    said = [*result("get_order", FOUND), *result("refund_order", {"error": error})]
    reply = think("I want a refund for ORD-12345", *said, tools=SHOP)
    assert sign in reply.text
    assert not reply.calls


def test_goes_no_further_than_an_order_that_is_unknown() -> None:
    failed = result("get_order", {"error": "There is no order ORD-1."})
    reply = think("I want a refund for ORD-12345", *failed, tools=SHOP)
    assert "There is no order ORD-1." in reply.text
    assert not reply.calls


@pytest.mark.parametrize(
    "question", ["Where is my order ORD-12345?", "ORD-12345", "what about parcel ORD-12345"]
)
def test_tells_where_an_order_is(question: str) -> None:
    assert called(think(question, tools=SHOP)) == ("get_order", {"order_number": "ORD-12345"})
    text = think(question, *result("get_order", FOUND), tools=SHOP).text
    assert text.startswith("ORD-12345 was delivered on 19 November.")


def test_takes_the_number_that_was_said_before() -> None:
    said: list[str | Json] = ["It is about ORD-12345", {"role": "assistant", "content": "Yes?"}]
    assert called(think(*said, "I want a refund", tools=SHOP))[0] == "get_order"
    assert called(think(*said, "How does a refund work?", tools=SHOP))[0] == "search_knowledge"


@pytest.mark.parametrize(
    "words",
    [
        "My address changed to Sveavägen 44, 111 34 Stockholm. It is for ORD-12346",
        "ORD-12346: please send my order to my new address: Sveavägen 44, 111 34 Stockholm",
    ],
)
def test_changes_the_address_that_the_customer_writes(words: str) -> None:
    assert called(think(words, tools=SHOP)) == (
        "change_address",
        {
            "order_number": "ORD-12346",
            "street": "Sveavägen 44",
            "postcode": "111 34",
            "town": "Stockholm",
        },
    )


@pytest.mark.parametrize(
    ("text", "street", "postcode", "town"),
    [
        ("my address changed to 12 rue des Lilas, 69003 Lyon", "12 rue des Lilas", "69003", "Lyon"),
        (
            "send it to 14 Hanover Street, EH2 2EN Edinburgh",
            "14 Hanover Street",
            "EH2 2EN",
            "Edinburgh",
        ),
        (
            "I moved to Keizersgracht 102, 1015 CV Den Haag",
            "Keizersgracht 102",
            "1015 CV",
            "Den Haag",
        ),
    ],
)
def test_reads_addresses(text: str, street: str, postcode: str, town: str) -> None:
    expected = {"street": street, "postcode": postcode, "town": town}
    assert guesses.address_in(text) == expected


def test_asks_for_an_address_that_is_missing() -> None:
    reply = think("Please change the address of ORD-12346", tools=SHOP)
    assert not reply.calls
    assert "street, postcode, town" in reply.text


def test_shows_choices_on_request_and_several_orders_as_a_list() -> None:
    present, orders = tool("present", "cards"), tool("find_orders")
    asked = think("Show me the options: a refund, a new lamp or a repair", tools=[SEARCH, present])
    (card,) = called(asked)[1]["cards"]
    assert [one["title"] for one in card["buttons"]] == ["A refund", "A new lamp", "A repair"]

    mine = [present, orders]
    assert called(think("Show me my orders", tools=mine))[0] == "find_orders"
    rows = [{"number": f"ORD-1000{n}", "items": "1 Fjord", "total": 9.5} for n in range(2)]
    found = result("find_orders", {"orders": rows})
    (card,) = called(think("Show me my orders", *found, tools=mine))[1]["cards"]
    assert card["items"][1] == {
        "title": "ORD-10001",
        "value": "ORD-10001",
        "description": "1 Fjord",
        "note": "9.50",
    }
    shown = [*found, *result("present", {"status": "shown"})]
    assert "Please choose" in think("Show me my orders", *shown, tools=mine).text


@pytest.mark.parametrize(
    ("words", "name", "arguments"),
    [
        ("What time is it?", "current_time", {}),
        ("What do you know about me?", "lookup_contact", {}),
        (
            "Please remember that my shoe size is 43.",
            "remember_variable",
            {"name": "shoe_size", "value": "43"},
        ),
    ],
)
def test_uses_the_small_tools_when_asked(words: str, name: str, arguments: Json) -> None:
    own = [tool("current_time"), tool("lookup_contact"), tool("remember_variable", "name", "value")]
    assert called(think(words, tools=[SEARCH, *own])) == (name, arguments)
    other = think("How long does delivery time take? How can I contact you?", tools=[SEARCH, *own])
    assert called(other)[0] == "search_knowledge"
