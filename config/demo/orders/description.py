"""The description of the order service: OpenAPI 3.1."""

from typing import Any

from config.demo.orders.shop import LONGEST_FIELD, LONGEST_REASON

Json = dict[str, Any]
_TEXT: Json = {"type": "string"}
_MONEY: Json = {"type": "number", "description": "Euros."}
_NUMBER: Json = {
    "name": "number",
    "in": "path",
    "required": True,
    "description": "The order's number, such as ORD-12345.",
    "schema": {"type": "string", "pattern": r"^ORD-\d{5}$", "example": "ORD-12345"},
}
_KEY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key with the same body is answered as before and does nothing again.",
    "schema": {"type": "string", "maxLength": 200},
}


def described(url: str) -> Json:
    """Return the description of the service at ``url``."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Nordhem orders",
            "version": "1.0.0",
            "summary": "The orders of the lamp shop Nordhem.",
            "description": "Look up orders, give money back and change addresses of delivery.",
        },
        "servers": [{"url": url}],
        "security": [{"key": []}],
        "paths": {
            "/orders/{number}": {"get": _get_order()},
            "/orders": {"get": _find_orders()},
            "/orders/{number}/refunds": {"post": _refund_order()},
            "/orders/{number}/address": {"put": _change_address()},
            "/products/{id}/picture": {"get": _product_picture()},
        },
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": _schemas(),
        },
    }


def _get_order() -> Json:
    return {
        "operationId": "get_order",
        "summary": "Look up an order",
        "description": "Returns an order: who placed it, what is in it, what was paid and refunded,"
        " how far it is, where it goes, and its dates. Use it before a refund or a change.",
        "parameters": [_NUMBER],
        "responses": {"200": _answer("The order.", "Order"), **_refusals("401", "404")},
    }


def _find_orders() -> Json:
    email = {
        "name": "email",
        "in": "query",
        "required": True,
        "description": "The customer's address, as given with the order.",
        "schema": {"type": "string", "format": "email", "example": "maya@lindqvist.example"},
    }
    return {
        "operationId": "find_orders",
        "summary": "Find a customer's orders",
        "description": "Lists all orders of the customer with this email address, the newest "
        "first, for customers who do not know a number.",
        "parameters": [email],
        "responses": {"200": _answer("The orders.", "Orders"), **_refusals("400", "401")},
    }


def _refund_order() -> Json:
    return {
        "operationId": "refund_order",
        "summary": "Refund an order",
        "description": "Gives money back for an order, by the way it was paid. At most what was "
        "paid and not refunded yet; the money moves at once and cannot be called back.",
        "parameters": [_NUMBER, _KEY],
        "requestBody": _body("RefundRequest"),
        "responses": {
            "201": _answer("The refund was accepted.", "Refund"),
            **_refusals("401", "404", "409", "422"),
        },
    }


def _change_address() -> Json:
    return {
        "operationId": "change_address",
        "summary": "Change the address of an order",
        "description": "Sends an order to another address in the same country. Possible until it "
        "has left the warehouse.",
        "parameters": [_NUMBER, _KEY],
        "requestBody": _body("AddressRequest"),
        "responses": {
            "200": _answer("The address was changed.", "AddressChange"),
            **_refusals("401", "404", "409", "422"),
        },
    }


def _product_picture() -> Json:
    name = {
        "name": "id",
        "in": "path",
        "required": True,
        "description": "The product's id, as it stands in an order's items, such as fjord.",
        "schema": {"type": "string", "example": "fjord"},
    }
    content = {"image/png": {"schema": {"type": "string", "contentMediaType": "image/png"}}}
    return {
        "operationId": "product_picture",
        "summary": "Show a product",
        "description": "Returns a small picture of a product.",
        "parameters": [name],
        "responses": {
            "200": {"description": "The picture.", "content": content},
            **_refusals("401", "404"),
        },
    }


def _body(name: str) -> Json:
    return {"required": True, "content": {"application/json": {"schema": _ref(name)}}}


def _answer(text: str, name: str) -> Json:
    return {"description": text, "content": {"application/json": {"schema": _ref(name)}}}


def _refusals(*statuses: str) -> Json:
    texts = {
        "400": "Something is missing in the request.",
        "401": "The key is missing or wrong.",
        "404": "There is no such thing.",
        "409": "It cannot be done to this order, or not any more.",
        "422": "A value does not fit.",
    }
    return {status: _answer(texts[status], "Refusal") for status in statuses}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(required: list[str], **properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": required}


def _schemas() -> Json:
    date = {"type": "string", "format": "date"}
    return {
        **_orders(date),
        "RefundRequest": _object(
            ["amount", "reason"],
            amount={
                "type": "number",
                "exclusiveMinimum": 0,
                "description": "How much goes back, in euros, such as 189.00.",
            },
            reason={
                "type": "string",
                "maxLength": LONGEST_REASON,
                "description": "Why, in the customer's words.",
            },
        ),
        "Refund": _object(
            ["refund", "state", "order", "amount", "message"],
            refund={"type": "string", "description": "The refund's number."},
            state=_TEXT,
            order=_TEXT,
            amount=_MONEY,
            currency=_TEXT,
            left={"type": "number", "description": "What could still be refunded, in euros."},
            message={"type": "string", "description": "What happened, in a sentence."},
        ),
        "AddressRequest": _object(
            ["street", "postcode", "town"],
            street=_field("Street and number, such as Sveavägen 44."),
            postcode=_field("The postal code, such as 111 34."),
            town=_field("The town, such as Stockholm."),
        ),
        "AddressChange": _object(
            ["order", "state", "address", "message"],
            order=_TEXT,
            state=_TEXT,
            address=_ref("Address"),
            message={"type": "string", "description": "What happened, in a sentence."},
        ),
        "Refusal": _object(
            ["error", "code"],
            error={"type": "string", "description": "What would be right, in a sentence."},
            code=_TEXT,
        ),
    }


def _field(text: str) -> Json:
    return {"type": "string", "maxLength": LONGEST_FIELD, "description": text}


def _orders(date: Json) -> Json:
    item = _object(
        ["product", "name", "quantity", "price"],
        product={"type": "string", "description": "The product's id."},
        name=_TEXT,
        colour=_TEXT,
        quantity={"type": "integer"},
        price=_MONEY,
    )
    row = _object(
        ["number", "status", "total"],
        number=_TEXT,
        status=_TEXT,
        ordered=date,
        total=_MONEY,
        currency=_TEXT,
        items=_TEXT,
    )
    return {
        "Address": _object([], street=_TEXT, postcode=_TEXT, town=_TEXT, country=_TEXT),
        "Order": _object(
            ["number", "status", "message", "total", "payment"],
            number=_TEXT,
            status={
                "type": "string",
                "enum": ["ordered", "packed", "shipped", "delivered", "cancelled"],
            },
            message={"type": "string", "description": "How far it is, in a sentence."},
            customer=_object(["name"], name=_TEXT, email=_TEXT, phone=_TEXT),
            items={"type": "array", "items": item},
            shipping=_MONEY,
            total=_MONEY,
            currency=_TEXT,
            payment=_object(
                ["method", "state"],
                method=_TEXT,
                state=_TEXT,
                paid=_MONEY,
                refunded=_MONEY,
                refundable=_MONEY,
            ),
            address=_ref("Address"),
            dates=_object(
                [], ordered=date, packed=date, shipped=date, delivered=date, expected=date
            ),
            tracking=_object([], carrier=_TEXT, number=_TEXT),
        ),
        "Orders": _object(
            ["email", "count", "orders"],
            email=_TEXT,
            count={"type": "integer"},
            orders={"type": "array", "items": row},
        ),
    }
