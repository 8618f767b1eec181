"""Refusals: the bodies in which servers say no."""

from collections.abc import Callable
from dataclasses import dataclass

import orjson

from tests.fakes.model_servers.shapes import Json

Words = Callable[[str], "Refusal"]
"""How a server says something: from the message to its whole answer."""


@dataclass(frozen=True)
class Refusal:
    """An answer that says no. Some servers say it with status 200."""

    status: int
    body: bytes
    content_type: str = "application/json"


def answered(status: int, body: object) -> Refusal:
    """Return a refusal with ``body`` in JSON."""
    return Refusal(status, orjson.dumps(body))


def openai(message: str, *, param: str | None = None, code: str | None = None) -> Refusal:
    """Say it as OpenAI does."""
    error = {"message": message, "type": "invalid_request_error", "param": param, "code": code}
    return answered(400, {"error": error})


def flat(message: str) -> Refusal:
    """Say it as older vLLM and SGLang do."""
    error: Json = {"object": "error", "message": message, "type": "BadRequestError"}
    return answered(400, {**error, "param": None, "code": 400})


def nested(message: str) -> Refusal:
    """Say it as newer vLLM does."""
    error: Json = {"message": message, "type": "BadRequestError", "param": None, "code": 400}
    return answered(400, {"error": error})


def google(message: str) -> Refusal:
    """Say it as Google does: in a list."""
    error = {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}
    return answered(400, [{"error": error}])


def ollama(message: str) -> Refusal:
    """Say it as Ollama does."""
    error = {"message": message, "type": "api_error", "param": None, "code": None}
    return answered(400, {"error": error})


def llama_cpp(message: str) -> Refusal:
    """Say it as llama.cpp does when a chat template raises: as a fault of its own."""
    error = {"code": 500, "message": message, "type": "server_error"}
    return answered(500, {"error": error})


def lm_studio(message: str) -> Refusal:
    """Say it as LM Studio does."""
    return answered(400, {"error": message})


def lm_studio_later(message: str) -> Refusal:
    """Say it as LM Studio does once it has begun to answer: status 200, an event of its own."""
    data = orjson.dumps({"error": {"message": message}}).decode()
    events = f"event: error\ndata: {data}\n\n".encode()
    return Refusal(200, events, "text/event-stream")


def mistral(message: str) -> Refusal:
    """Say it as Mistral does."""
    head: Json = {"object": "error", "message": message, "type": "invalid_request_message_order"}
    return answered(400, {**head, "param": None, "code": "3230"})


def mistral_forbids(name: str) -> Refusal:
    """Refuse a field as Mistral does."""
    place = ["body", *(int(part) if part.isdigit() else part for part in name.split("."))]
    problem = {"type": "extra_forbidden", "loc": place, "msg": "Extra inputs are not permitted"}
    body: Json = {"object": "error", "message": {"detail": [problem]}}
    return answered(422, {**body, "type": "invalid_request_error", "param": None, "code": None})


def fastapi_forbids(name: str) -> Refusal:
    """Refuse a field as a server on FastAPI does whose models are closed."""
    problem = {
        "type": "extra_forbidden",
        "loc": ["body", name],
        "msg": "Extra inputs are not permitted",
        "input": {},
    }
    return answered(422, {"detail": [problem]})


def deepseek(message: str) -> Refusal:
    """Say it as DeepSeek does."""
    error: Json = {"message": message, "type": "invalid_request_error", "param": None}
    return answered(400, {"error": {**error, "code": "invalid_request_error"}})


def groq(message: str) -> Refusal:
    """Say it as Groq does."""
    return answered(400, {"error": {"message": message, "type": "invalid_request_error"}})


def cerebras(message: str) -> Refusal:
    """Say it as Cerebras does."""
    error: Json = {"message": message, "type": "invalid_request_error"}
    return answered(400, {**error, "param": "validation_error", "code": "wrong_api_format"})


def perplexity(message: str) -> Refusal:
    """Say it as Perplexity does."""
    return answered(400, {"error": {"message": message, "type": "invalid_message", "code": 400}})


def xai(message: str) -> Refusal:
    """Say it as xAI does."""
    return answered(400, {"code": "Client specified an invalid argument", "error": message})


def litellm(message: str) -> Refusal:
    """Say it as LiteLLM's proxy does: the code is a text, the type too."""
    error = {"message": message, "type": "None", "param": "None", "code": "400"}
    return answered(400, {"error": error})


def bedrock(message: str) -> Refusal:
    """Say it as gateways to Bedrock do that hand on its exceptions."""
    return answered(400, {"message": message})


def bedrock_gateway(message: str) -> Refusal:
    """Say it as Bedrock Access Gateway does."""
    call = "An error occurred (ValidationException) when calling the ConverseStream operation"
    return answered(400, {"detail": f"{call}: {message}"})


def openrouter(message: str) -> Refusal:
    """Say it as OpenRouter does: the provider's own words are JSON in a text."""
    raw = orjson.dumps({"error": {"message": message, "code": 400}}).decode()
    metadata = {"raw": raw, "provider_name": "Acme"}
    error = {"message": "Provider returned error", "code": 400, "metadata": metadata}
    return answered(400, {"error": error, "user_id": "user_1"})


def openrouter_in_200(message: str) -> Refusal:
    """Say it as OpenRouter does when it has already begun to answer."""
    refusal = openrouter(message)
    return Refusal(200, refusal.body)


def tgi(message: str) -> Refusal:
    """Say it as Text Generation Inference does."""
    error = {"error": f"Input validation error: {message}", "error_type": "validation"}
    return answered(422, error)


def databricks(message: str) -> Refusal:
    """Say it as Databricks does."""
    return answered(400, {"error_code": "BAD_REQUEST", "message": message})


def cloudflare(message: str) -> Refusal:
    """Say it as Workers AI does."""
    errors = [{"message": f"AiError: {message}", "code": 5006}]
    return answered(400, {"errors": errors, "success": False, "result": {}, "messages": []})


def fireworks(message: str) -> Refusal:
    """Say it as Fireworks does."""
    error = {"object": "error", "type": "invalid_request_error", "message": message}
    return answered(400, {"error": error})


def detail(message: str) -> Refusal:
    """Say it as Xinference and others on FastAPI do."""
    return answered(400, {"detail": message})


def plain_text(message: str) -> Refusal:
    """Say it as small servers do."""
    return Refusal(400, message.encode(), "text/plain")
