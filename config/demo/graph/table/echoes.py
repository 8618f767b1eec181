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
FAULT = [{"code": 131000, "title": "Something went wrong"}]
REASON = "“Something went wrong (error 131000)”"
BOOK = {"full_name": "Nina Berg", "first_name": "Nina", "phone_number": "$phone"}


def _news(
    field: str,
    name: str,
    did: str,
    staff: str = "",
    *,
    does: str = LINE,
    model: str = NOTHING,
    **part: object,
) -> Row:
    """Return a row of what Meta reports of a group."""
    value = {"groups": [{"group_id": GROUP, **part}]}
    return Row(field=field, type=name, did=did, staff=staff, model=model, does=does, value=value)


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
    _news(
        "group_lifecycle_update",
        "",
        "a group was made",
        does="the group is known by its name; nothing is answered",
        type="group_create",
        subject="Lamp club",
    ),
    _news(
        "group_lifecycle_update",
        "deleted",
        "a group was deleted",
        "The WhatsApp group was deleted",
        type="group_delete",
    ),
    _news(
        "group_lifecycle_update",
        "failed",
        "a group could not be deleted",
        f"The WhatsApp group could not be deleted: {REASON}",
        type="group_delete",
        errors=FAULT,
    ),
    _news(
        "group_participants_update",
        "",
        "somebody joined or left a group",
        "“46701740699” joined the WhatsApp group",
        type="group_participants_add",
        added_participants=[{"wa_id": "46701740699"}],
    ),
    _news(
        "group_participants_update",
        "failed",
        "somebody could not be removed from a group",
        f"“46701740699” could not be removed from the WhatsApp group: {REASON}",
        type="group_participants_remove",
        failed_participants=[{"input": "46701740699", "errors": FAULT}],
    ),
    _news(
        "group_participants_update",
        "join request",
        "somebody asks to join a group, or not any more",
        "“46701740699” asks to join the WhatsApp group",
        type="group_join_request_created",
        join_request_id="1",
        wa_id="46701740699",
    ),
    _news(
        "group_settings_update",
        "",
        "a group's name was changed",
        "The WhatsApp group is called “Lamp club Oslo” now",
        does=f"the group gets its name; {LINE}",
        model="the group's name",
        type="group_settings_update",
        group_subject={"text": "Lamp club Oslo", "update_successful": True},
    ),
    _news(
        "group_settings_update",
        "failed",
        "a group's name could not be changed",
        f"The WhatsApp group could not be called “Lamp club Rome”: {REASON}",
        type="group_settings_update",
        group_subject={
            "text": "Lamp club Rome",
            "update_successful": False,
            "errors": FAULT,
        },
    ),
    _news(
        "group_status_update",
        "",
        "Meta suspended a group",
        "Meta has suspended the WhatsApp group",
        type="group_suspend",
    ),
)


def _echo(type: str, did: str, staff: str, *, model: str = COLLEAGUE, **message: object) -> Row:
    changes = type in {"edit", "revoke", "reaction"}
    return Row(
        field="smb_message_echoes",
        type=type,
        did=did,
        staff=staff,
        model=model,
        does=CHANGES if changes else TAKES,
        message={"type": type, **message},
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
        model="the new words",
        edit={
            "original_message_id": "$echo",
            "message": {"type": "text", "text": {"body": "We come on Friday"}},
        },
    ),
    _echo(
        "revoke",
        "a colleague deleted a message",
        "",
        model="that it was deleted",
        revoke={"original_message_id": "$echo"},
    ),
    _echo(
        "reaction",
        "a colleague put an emoji to a message",
        "",
        model=NOTHING,
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
        does=(
            "kept with its webhook for good and not imported; not shown in a thread, and no run"
            " begins"
        ),
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
