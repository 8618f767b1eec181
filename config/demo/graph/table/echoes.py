"""Rows of groups, and of what colleagues write in the WhatsApp Business app."""

from config.demo.graph.table.messages import CHANGES, LINE, PHOTO
from config.demo.graph.table.row import COLLEAGUE, LOGGED, NOTHING, Row

GROUP = "Y2FwaV9ncm91cDpsYW1wcw"
IN_GROUP = (
    "a message in a conversation of the group's; a person is asked for, the assistant is paused,"
    " and what is written goes to the group and to nobody alone"
)
TAKES = (
    "a message of a colleague, once; the floor moves as at a person's first message, and the"
    " answer in progress ends"
)
BOOK = {"full_name": "Nina Berg", "first_name": "Nina", "phone_number": "$phone"}

GROUPS = (
    Row(
        type="in a group",
        did="wrote in a group",
        staff="What does everyone think?",
        does=IN_GROUP,
        message={
            "type": "text",
            "group_id": GROUP,
            "text": {"body": "What does everyone think?"},
        },
    ),
    Row(
        field="group_lifecycle_update",
        did="a group was made or deleted",
        model=NOTHING,
        does=f"the group gets its name; {LINE}",
        value={"groups": [{"group_id": GROUP, "type": "group_create", "subject": "Lamp club"}]},
    ),
    Row(
        field="group_participants_update",
        did="somebody joined or left a group",
        staff="“46701740699” joined the WhatsApp group",
        model=NOTHING,
        does=LINE,
        value={
            "groups": [
                {
                    "group_id": GROUP,
                    "type": "group_participants_add",
                    "added_participants": [{"wa_id": "46701740699"}],
                }
            ]
        },
    ),
    Row(
        field="group_settings_update",
        did="a group's name was changed",
        staff="The WhatsApp group is called “Lamp club Oslo” now",
        model=NOTHING,
        does=f"the group gets its name; {LINE}",
        value={
            "groups": [
                {
                    "group_id": GROUP,
                    "type": "group_settings_update",
                    "group_subject": {"text": "Lamp club Oslo", "update_successful": True},
                }
            ]
        },
    ),
    Row(
        field="group_status_update",
        did="Meta suspended a group",
        staff="Meta has suspended the WhatsApp group",
        model=NOTHING,
        does=LINE,
        value={"groups": [{"group_id": GROUP, "type": "group_suspend"}]},
    ),
)


def _echo(type: str, did: str, staff: str, **message: object) -> Row:
    kind = str(message.pop("kind", type))
    changes = kind in {"edit", "revoke", "reaction"}
    return Row(
        field="smb_message_echoes",
        type=type,
        did=did,
        staff=staff,
        model=("what it is now" if changes else COLLEAGUE),
        does=CHANGES if changes else TAKES,
        message={"type": kind, **message},
    )


ECHOES = (
    _echo("text", "a colleague wrote", "We come on Thursday", text={"body": "We come on Thursday"}),
    _echo(
        "image",
        "a colleague sent a photo",
        "This one\nPhoto",
        image={**PHOTO, "caption": "This one"},
    ),
    _echo(
        "edit",
        "a colleague changed a message",
        "",
        edit={
            "original_message_id": "$echo",
            "message": {"type": "text", "text": {"body": "We come on Friday"}},
        },
    ),
    _echo("revoke", "a colleague deleted a message", "", revoke={"original_message_id": "$echo"}),
    _echo(
        "reaction",
        "a colleague put an emoji to a message",
        "",
        reaction={"message_id": "$said", "emoji": "👍"},
    ),
    Row(
        field="message_echoes",
        type="text",
        did="the business wrote through another program",
        staff="Sent by the shop",
        model=COLLEAGUE,
        does=f"{TAKES}; what Parley sent itself is not doubled",
        message={"type": "text", "text": {"body": "Sent by the shop"}},
    ),
    Row(
        field="history",
        type="messages",
        did="messages of up to six months before the number was connected",
        model=NOTHING,
        does="kept with its webhook for good; not shown in a thread, and no run begins",
        value={
            "history": [
                {
                    "metadata": {"phase": 0, "chunk_order": 1, "progress": 100},
                    "threads": [
                        {
                            "id": "$phone",
                            "messages": [
                                {
                                    "from": "$phone",
                                    "id": "$id",
                                    "timestamp": "1739230955",
                                    "type": "text",
                                    "text": {"body": "Thanks!"},
                                    "history_context": {"status": "READ"},
                                }
                            ],
                        }
                    ],
                }
            ]
        },
    ),
    Row(
        field="history",
        type="declined",
        did="the business does not share its history",
        model=NOTHING,
        does=f"{LOGGED}, with Meta's reason",
        value={
            "history": [
                {
                    "errors": [
                        {"code": 2593109, "title": "History sync is turned off by the business"}
                    ]
                }
            ]
        },
    ),
    Row(
        field="smb_app_state_sync",
        did="a name in the business's address book",
        model=NOTHING,
        does="a contact that has no name gets it; nobody becomes a contact by it",
        value={"state_sync": [{"type": "contact", "action": "add", "contact": BOOK}]},
    ),
)
