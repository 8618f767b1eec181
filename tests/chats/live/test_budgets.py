"""Budgets: what they stop, what everybody reads then, and that nobody spends more."""

from concurrent.futures import ThreadPoolExecutor
from decimal import ROUND_UP, Decimal

import pytest
from django.db.models import Sum

from chats import prices, standstills
from chats.engine.parts import UsageReport
from chats.live import Runtime
from chats.models import Article, Budget, BudgetWarning, Reservation, Run, RunStep, Usage
from chats.services import chats, endings, limits
from chats.services.budgets import LEAST_TOKENS
from chats.services.endings import APOLOGY, USED_UP
from conversations.models import Assistant, Contact, Conversation
from handoff.models import Handoff, PendingNotification
from tests import factories
from tests.chats import talk
from tests.chats.servers import DemoModelServer
from tests.factories import NOON

pytestmark = [pytest.mark.slow]


def budget(scope: str, limit: str, assistant: Assistant | None = None) -> Budget:
    return limits.add(scope=scope, limit=Decimal(limit), assistant=assistant, at=NOON)


def spent() -> Decimal:
    """Return all credits that were spent."""
    return prices.credits_of(Usage.objects.aggregate(total=Sum("cost"))["total"]) or Decimal(0)


def ask(runtime: Runtime, conversation: Conversation, text: str = "hello") -> Run | None:
    talk.say(conversation, text, at=runtime.clock())
    runtime.answer(conversation.pk)
    return Run.objects.filter(conversation=conversation).order_by("-started_at").first()


@pytest.mark.both_databases
@pytest.mark.parametrize("scope", ["conversation", "visitor", "assistant", "day"])
def test_a_budget_that_is_used_up_calls_a_person(
    runtime: Runtime, conversation: Conversation, demo_model: DemoModelServer, scope: str
) -> None:
    ask(runtime, conversation)
    used = spent()
    limits.add(scope=scope, limit=used.quantize(Decimal("0.01")) or Decimal("0.01"), at=NOON)
    Usage.objects.update(cost=prices.money_of(Decimal(100)))
    demo_model.reset()
    run = ask(runtime, conversation)
    assert run
    assert (run.reason, run.error, run.status) == ("limit", f"budget_{scope}", "completed")
    assert demo_model.log() == []
    assert talk.messages(conversation)[-1].text == USED_UP
    assert talk.messages(conversation)[-1].error == ""
    conversation.refresh_from_db()
    assert conversation.control == "requested"
    assert Handoff.objects.get().reason == endings.failure_of(run)
    newest = ask(runtime, conversation, "Is anybody there?")
    assert newest == run


def test_a_run_that_has_used_its_budget_stops_between_two_steps(
    runtime: Runtime, conversation: Conversation, demo_model: DemoModelServer
) -> None:
    talk.teach(conversation)
    question = "How long may I return a lamp? [demo:think-aloud]"
    held = budget("run", "100")
    first = ask(runtime, conversation, question)
    read = RunStep.objects.get(run=first, number=1).prompt_tokens
    least = prices.cost("demo", UsageReport(input=read, output=LEAST_TOKENS), at=NOON)
    limit = (prices.credits_of(least) or Decimal(0)).quantize(Decimal("0.01"), ROUND_UP)
    Usage.objects.all().delete()
    other = factories.conversation()
    Article.objects.update(assistant=other.assistant)
    conversation = other
    limits.change(budget=held, limit=limit, at=NOON)
    run = ask(runtime, conversation, question)
    assert run
    assert (run.reason, run.error) == ("limit", "budget_run")
    assert 0 < spent() <= limit
    said = [message.text for message in talk.messages(conversation)]
    assert APOLOGY not in said
    conversation.refresh_from_db()
    assert conversation.control == "requested"


def test_an_answer_gets_no_more_tokens_than_are_left(
    runtime: Runtime, conversation: Conversation, demo_model: DemoModelServer
) -> None:
    budget("conversation", "0.30")
    ask(runtime, conversation)
    body = demo_model.last()["body"]
    assert 0 < body["max_tokens"] < 4096
    assert spent() <= Decimal("0.30")


def test_other_assistants_are_not_limited(runtime: Runtime, conversation: Conversation) -> None:
    other = factories.AssistantFactory.create()
    budget("assistant", "0.01", assistant=other)
    run = ask(runtime, conversation)
    assert run
    assert run.reason == "stop"


def test_a_chat_of_staff_says_why_it_stands_still(runtime: Runtime) -> None:
    alice = factories.staff(factories.person("alice"))
    assistant = factories.AssistantFactory.create()
    budget("day", "0.01")
    chat, _ = chats.start(by=alice, assistant=assistant, text="hello", at=runtime.clock())
    runtime.answer(chat.pk)
    chat.refresh_from_db()
    assert chat.control == "ai"
    found = standstills.standstill_of(chat)
    assert found
    assert found.words == "The budget is used up for today. It can be raised under Usage."


@pytest.mark.both_databases
def test_a_hammering_visitor_spends_no_more_than_the_budget(
    runtime: Runtime, demo_model: DemoModelServer
) -> None:
    """Twenty messages in five conversations at once; titles and packets count, too."""
    contact = Contact.objects.create(name="Victor", created_at=NOON)
    conversations = [factories.conversation(contact=contact) for _ in range(5)]
    limit = Decimal("0.60")
    budget("visitor", str(limit))
    for number in range(4):
        for conversation in conversations:
            talk.say(conversation, f"hello, {number} [demo:rate=200]", at=runtime.clock())
        with ThreadPoolExecutor(5) as pool:
            list(pool.map(runtime.answer, [conversation.pk for conversation in conversations]))
    assert 0 < spent() <= limit
    assert not Reservation.objects.exists()
    assert not RunStep.objects.filter(is_counted=False).exists()
    assert Run.objects.filter(error="budget_visitor").exists()
    told = [conversation for conversation in conversations if _was_told(conversation)]
    for conversation in told:
        conversation.refresh_from_db()
        assert conversation.control == "requested"
    assert not any(m.text == APOLOGY for c in conversations for m in talk.messages(c))


def _was_told(conversation: Conversation) -> bool:
    return any(message.text == USED_UP for message in talk.messages(conversation))


def test_supervisors_are_warned_once(runtime: Runtime, conversation: Conversation) -> None:
    budget("conversation", "20")
    ask(runtime, conversation)
    Usage.objects.update(cost=prices.money_of(Decimal(17)))
    for _ in range(2):
        ask(runtime, conversation)
    assert BudgetWarning.objects.count() == 1
    assert PendingNotification.objects.filter(kind="budget.nearly_used").count() == 1
