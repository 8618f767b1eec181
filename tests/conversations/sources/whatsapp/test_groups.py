"""Groups: each is a conversation of its own, and nobody of it is answered alone."""

import pytest

from channels_layer.access.actors import Staff
from conversations.models import Contact, Conversation, Message
from conversations.services import messages
from conversations.services.messages import Draft
from conversations.sources.whatsapp.models import Sender
from conversations.sources.whatsapp.parser import Person
from conversations.sources.whatsapp.services import groups, people
from handoff import services as handoff
from handoff.models import Control
from tests import factories
from tests.conversations.sources.whatsapp import payloads
from tests.conversations.sources.whatsapp.conftest import Meta, noon, said, the_conversation
from tests.conversations.sources.whatsapp.graph import DemoGraphServer
from tests.conversations.sources.whatsapp.helpers import deliver, requests

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

GROUP = "Y2FwaV9ncm91cDox"
SUBJECT = {"groups": [{"group_id": GROUP, "type": "group_create", "subject": "Lamp club"}]}


def the_agent() -> Staff:
    return factories.staff(factories.person("alice"))


def in_group(text: str, **fields: object) -> payloads.Json:
    return payloads.text(text, **{"group_id": GROUP, **fields})


def test_a_group_is_a_conversation_of_its_own(meta: Meta) -> None:
    meta.send(payloads.text("Alone", wamid="0"))
    meta.send(in_group("Hello all", wamid="1"), in_group("Hi", wamid="2", **{"from": "4670999"}))
    alone, group = Conversation.objects.order_by("id")
    assert group.contact is not None
    assert (group.contact.name, group.external_id) == (f"Group {GROUP}", f"group:{GROUP}")
    assert (alone.message_count, group.message_count) == (1, 2)
    writers = Message.objects.filter(conversation=group, kind="message").order_by("position")
    assert [one.author_name for one in writers] == ["Victor", "+4670999"]
    assert said()[1] == f"“Group {GROUP}” is a group on WhatsApp. " + (
        "Its people read what is written here."
    )


def test_the_assistant_is_silent_and_a_person_is_asked_for(meta: Meta) -> None:
    meta.send(in_group("Hello all"))
    talk = the_conversation()
    assert (talk.control, talk.switch, talk.answer_due_at) == (Control.REQUESTED, "paused", None)
    assert talk.request_reason == groups.REASON


def test_a_person_is_asked_for_again_after_a_release(meta: Meta) -> None:
    meta.send(in_group("Hello all"))
    alice = the_agent()
    handoff.accept(floor=the_conversation(), by=alice, at=noon())
    meta.send(in_group("Anybody?", wamid="2"))
    assert the_conversation().owner == alice.user
    handoff.release(floor=the_conversation(), by=alice, at=noon())
    meta.send(in_group("Anybody now?", wamid="3"))
    assert the_conversation().control == Control.REQUESTED


def test_a_group_is_called_by_its_subject(meta: Meta) -> None:
    meta.deliver(payloads.envelope(SUBJECT, field="group_lifecycle_update"))
    meta.send(in_group("Hello all"))
    assert Contact.objects.get().name == "Lamp club"
    new = {"groups": [{"group_id": GROUP, "group_subject": {"text": "Oslo"}}]}
    meta.deliver(payloads.envelope(new, field="group_settings_update"))
    assert Contact.objects.get().name == "Oslo"
    assert said()[-1] == "The WhatsApp group is called “Oslo” now"


FAULT = [{"code": 131000, "title": "Something went wrong"}]
REASON = "“Something went wrong (error 131000)”"


@pytest.mark.parametrize(
    ("part", "lines"),
    [
        (
            {"type": "group_delete", "errors": FAULT},
            [f"The WhatsApp group could not be deleted: {REASON}"],
        ),
        (
            {"group_subject": {"text": "New", "update_successful": False, "errors": FAULT}},
            [f"The WhatsApp group could not be called “New”: {REASON}"],
        ),
        (
            {"group_subject": {"text": "New", "update_successful": False}},
            ["The WhatsApp group could not be called “New”: Meta gives no reason"],
        ),
        (
            {"group_subject": {"text": "New"}, "errors": FAULT},
            [f"The WhatsApp group could not be called “New”: {REASON}"],
        ),
        (
            {"profile_picture": {"update_successful": False, "errors": FAULT}},
            [f"A change of the WhatsApp group failed: {REASON}"],
        ),
        (
            {"type": "group_suspend", "errors": FAULT},
            [f"A change of the WhatsApp group failed: {REASON}"],
        ),
        (
            {
                "type": "group_participants_remove",
                "removed_participants": [{"input": "+46 1"}],
                "failed_participants": [{"input": "+46 2", "errors": FAULT}, {"wa_id": "463"}],
                "errors": FAULT,
            },
            [
                "“+46 1” left the WhatsApp group",
                f"“+46 2” could not be removed from the WhatsApp group: {REASON}",
                f"“463” could not be removed from the WhatsApp group: {REASON}",
            ],
        ),
        (
            {
                "type": "group_participants_add",
                "added_participants": [{"wa_id": "1", "errors": FAULT}],
            },
            [f"“1” could not be added to the WhatsApp group: {REASON}"],
        ),
        (
            {"type": "group_join_request_created", "join_request_id": "j", "wa_id": "4670999"},
            ["“4670999” asks to join the WhatsApp group"],
        ),
        (
            {"type": "group_join_request_revoked", "join_request_id": "j", "wa_id": "4670999"},
            ["“4670999” does not ask to join the WhatsApp group any more"],
        ),
        ({"type": "group_join_request_created"}, []),
    ],
)
def test_what_failed_in_a_group_is_told_as_that(
    meta: Meta, part: payloads.Json, lines: list[str]
) -> None:
    meta.deliver(payloads.envelope(SUBJECT, field="group_lifecycle_update"))
    meta.send(in_group("Hello all"))
    before = len(said())
    news = {"groups": [{"group_id": GROUP, **part}]}
    meta.deliver(payloads.envelope(news, field="group_settings_update"))
    assert said()[before:] == lines
    assert Contact.objects.get().name == "Lamp club"


def test_a_group_that_could_not_be_made_is_none(meta: Meta) -> None:
    news = {"groups": [{**SUBJECT["groups"][0], "errors": FAULT}]}
    meta.deliver(payloads.envelope(news, field="group_lifecycle_update"))
    assert not Contact.objects.exists()


def test_no_place_of_a_line_stands_for_digits_alone() -> None:
    """Names in quotation marks would not be found in it, and the line not be translated."""
    assert not [one for one in groups.SENTENCES if "{number}" in one]


def test_strange_news_of_groups_harms_nothing(meta: Meta) -> None:
    strange: list[payloads.Json] = [{}, {"groups": 7}, {"groups": [{"group_id": []}]}]
    for value in strange:
        meta.deliver(
            payloads.envelope({**value, "n": len(str(value))}, field="group_status_update")
        )
        assert meta.event().state == "done"


def test_what_is_written_goes_to_the_group_alone(number: Sender, graph: DemoGraphServer) -> None:
    meta = Meta(number)
    meta.send(in_group("Hello all", wamid="1"))
    talk = the_conversation()
    draft = Draft(text="Hello group")
    messages.post(conversation=talk, by=the_agent(), draft=draft, at=noon())
    deliver(talk)
    (request,) = requests(graph)
    assert (request["recipient_type"], request["to"]) == ("group", GROUP)
    assert "recipient" not in request
    assert payloads.VICTOR not in str(request)


def test_reactions_of_two_people_stand_side_by_side(meta: Meta) -> None:
    meta.send(in_group("Hello all", wamid="1"))
    meta.send(payloads.reaction("👍", "1", wamid="2", group_id=GROUP))
    other = payloads.reaction("🎉", "1", wamid="3", group_id=GROUP, **{"from": "4670999"})
    meta.send(other)
    meta.send(payloads.reaction(None, "1", wamid="4", group_id=GROUP, timestamp=payloads.SENT + 1))
    (left,) = Message.objects.get(text="Hello all").reactions
    assert (left["emoji"], left["author_name"]) == ("🎉", "+4670999")


OTHER = "4670888"


def moved(to: str = OTHER, **fields: object) -> payloads.Json:
    """Return Meta's notice of a customer's new number, in the group unless ``fields`` say else."""
    system = {"type": "user_changed_number", "wa_id": to}
    usual: payloads.Json = {"wamid": "n", "group_id": GROUP, "system": system}
    return payloads.message("system", **{**usual, **fields})


def of_group() -> Conversation:
    return Conversation.objects.get(external_id=f"group:{GROUP}")


def test_a_new_number_in_a_group_is_never_the_group_s(meta: Meta) -> None:
    meta.send(in_group("Hello all", wamid="1"))
    meta.send(moved())
    assert said()[-1] == "The customer's account changed"
    group = Contact.objects.get()
    assert list(group.identities.values_list("external_id", flat=True)) == [f"group:{GROUP}"]
    assert group.phone == ""
    meta.send(payloads.text("My private card number", wamid="2", **{"from": OTHER}))
    alone = Conversation.objects.get(external_id=OTHER)
    assert (alone.message_count, groups.group_of(of_group())) == (1, GROUP)
    assert "My private card number" not in of_group().messages.values_list("text", flat=True)
    meta.send(in_group("Anybody?", wamid="3"))
    assert Conversation.objects.get(pk=alone.pk).message_count == 1


def test_a_contact_of_a_group_is_given_no_number(meta: Meta) -> None:
    meta.send(in_group("Hello all", wamid="1"))
    group = Contact.objects.get()
    people.move(
        contact=group,
        source=meta.sender.source,
        person=Person(wa_id=payloads.VICTOR),
        to=Person(wa_id=OTHER),
        at=noon(),
    )
    assert group.identities.count() == 1


@pytest.mark.parametrize(
    ("author", "name"), [("from", OTHER), ("from_user_id", "SE.1")], ids=["number", "user id"]
)
def test_nobody_alone_is_taken_for_a_group(meta: Meta, author: str, name: str) -> None:
    meta.send(in_group("Hello all", wamid="1"))
    group = Contact.objects.get()
    group.identities.create(source=meta.sender.source, external_id=name)
    Contact.objects.filter(pk=group.pk).update(phone=f"+{OTHER}")
    Conversation.objects.update(external_id=name)
    private = payloads.text("My card number", wamid="2", **{"from": None, author: name})
    meta.send(private, contacts=[])
    alone = Conversation.objects.get(external_id=name)
    assert alone.contact_id != group.pk
    assert list(alone.messages.values_list("text", flat=True)) == ["My card number"]
    assert list(group.identities.values_list("external_id", flat=True)) == [f"group:{GROUP}"]
    meta.send(in_group("Anybody?", wamid="3"))
    assert "Anybody?" in of_group().messages.values_list("text", flat=True)
    assert Conversation.objects.count() == 2


def test_a_private_answer_to_something_of_a_group_stays_private(meta: Meta) -> None:
    meta.send(in_group("Hello all", wamid="1"))
    quoted = {"id": "1", "from": OTHER, "group_id": GROUP}
    meta.send(payloads.text("Between us", wamid="2", context=quoted))
    alone = Conversation.objects.get(external_id=payloads.VICTOR)
    (message,) = alone.messages.all()
    assert (message.text, message.reply_to) == ("Between us", None)
    assert of_group().message_count == 1


def test_a_private_reaction_leaves_the_group_s_address(meta: Meta) -> None:
    meta.send(in_group("Hello all", wamid="1"))
    meta.send(payloads.reaction("👍", "1", wamid="2"))
    assert of_group().contact is not None
