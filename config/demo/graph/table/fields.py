"""Rows of statuses, and of the fields about the account, its number, templates and calls."""

from config.demo.graph.table.messages import LINE
from config.demo.graph.table.row import ANSWERS, LOGGED, NOTHING, Row
from config.demo.graph.world import Json

TEMPLATE = {
    "message_template_id": 1,
    "message_template_name": "order_shipped",
    "message_template_language": "en_US",
}
OTHERS = {
    "account_alerts": "Meta warns of the account",
    "account_review_update": "Meta has reviewed the account",
    "account_settings_update": "a setting of the number was changed",
    "automatic_events": "Meta saw a purchase in a chat",
    "business_status_update": "the business was verified or restricted",
    "business_username_updates": "the business has another user name",
    "consumer_profile": "a customer's profile changed",
    "flows": "a form was published, slowed down or blocked",
    "messaging_handovers": "another program got or gave up the chat",
    "partner_solutions": "a partner's solution changed",
    "payment_configuration_update": "a way to pay was changed",
    "security": "the number's two-step code was changed",
    "standby": "a message came while another program has the chat",
    "template_correct_category_detection": "Meta doubts a template's category",
    "tracking_events": "an advertisement was counted",
}


def _status(state: str, did: str, does: str, **more: object) -> Row:
    report: Json = {"id": "$heard", "status": state, "timestamp": "$time", "recipient_id": "$phone"}
    return Row(
        type=f"status {state}",
        did=did,
        model=NOTHING,
        does=does,
        value={"messaging_product": "whatsapp", "statuses": [{**report, **more}]},
    )


def _account(name: str, did: str, does: str, **value: object) -> Row:
    return Row(field=name, did=did, model=NOTHING, does=does, value=value)


FIELDS = (
    _status("sent", "Meta took our message", "one tick at our message"),
    _status(
        "delivered",
        "our message arrived",
        "two ticks at our message; prices and Meta's conversation are not used",
        pricing={"billable": True, "pricing_model": "PMP", "category": "service"},
        conversation={"id": "1", "origin": {"type": "service"}},
    ),
    _status("read", "the customer read it", "our message is marked as read"),
    _status("played", "the customer heard it", "our message is marked as read"),
    _status("deleted", "the customer deleted it", LOGGED),
    _status("warning", "Meta warns of our message", LOGGED),
    _status(
        "failed",
        "our message was not delivered",
        "our message shows as failed, with the reason and what to do",
        errors=[{"code": 131026, "title": "Message undeliverable"}],
    ),
    Row(
        type="errors",
        did="Meta reports a fault of the account",
        model=NOTHING,
        does="the webhook shows as failed in the admin, with Meta's reason",
        value={"errors": [{"code": 131016, "title": "Service overloaded"}]},
    ),
    Row(
        field="calls",
        did="called",
        staff="Called on WhatsApp; calls are not taken here",
        does=ANSWERS,
        value={
            "contacts": [{"profile": {"name": "$name"}, "wa_id": "$phone", "user_id": "$user_id"}],
            "calls": [
                {
                    "id": "$id",
                    "from": "$phone",
                    "from_user_id": "$user_id",
                    "event": "connect",
                    "direction": "USER_INITIATED",
                    "timestamp": "$time",
                }
            ],
        },
    ),
    Row(
        field="user_preferences",
        did="wants no marketing, or wants it again",
        staff="The customer does not want marketing messages any more",
        model=NOTHING,
        does=LINE,
        value={
            "user_preferences": [
                {
                    "wa_id": "$phone",
                    "user_id": "$user_id",
                    "category": "marketing_messages",
                    "value": "stop",
                    "timestamp": "$time",
                }
            ]
        },
    ),
    _account(
        "message_template_status_update",
        "Meta approved, refused or paused a template",
        "the template's state changes, with the reason",
        **TEMPLATE,
        event="APPROVED",
    ),
    _account(
        "message_template_quality_update",
        "a template's rating changed",
        "the template's rating changes",
        **TEMPLATE,
        new_quality_score="GREEN",
    ),
    _account(
        "message_template_components_update",
        "a template's text changed",
        "the templates are fetched again",
        **TEMPLATE,
    ),
    _account(
        "template_category_update",
        "Meta put a template into another category",
        "the template's category changes",
        **TEMPLATE,
        new_category="UTILITY",
    ),
    _account(
        "phone_number_quality_update",
        "the number's rating or limit changed",
        "rating and limit of the number change",
        display_phone_number="$business",
        event="UPGRADE",
        current_limit="TIER_10K",
    ),
    _account(
        "phone_number_name_update",
        "Meta decided on the number's name",
        "an approved name is shown",
        display_phone_number="$business",
        decision="APPROVED",
        requested_verified_name="Nordhem",
    ),
    _account(
        "business_capability_update",
        "the account's limit changed",
        "the limit of its numbers changes",
        max_daily_conversations_per_business="TIER_10K",
    ),
    Row(
        field="account_update",
        type="restricted",
        did="the account was restricted or disabled",
        model=NOTHING,
        does="nothing is sent until it is free again, and a banner says why",
        value={
            "event": "ACCOUNT_RESTRICTION",
            "restriction_info": [{"restriction_type": "RESTRICTED_CUSTOMER_INITIATED_MESSAGING"}],
        },
    ),
    Row(
        field="account_update",
        type="freed",
        did="the account is free again",
        model=NOTHING,
        does="the number sends again",
        value={"event": "ACCOUNT_RECONNECTED"},
    ),
    _account("account_update", "anything else of the account", LOGGED, event="VERIFIED_ACCOUNT"),
    *(_account(name, did, LOGGED, event="NEWS") for name, did in OTHERS.items()),
    _account("a field that is new", "something newer than Parley", LOGGED, event="NEWS"),
)
