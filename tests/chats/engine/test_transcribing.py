"""Transcribing by a provider over real HTTP, and its cost."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import Settings
from pytest_httpserver import HTTPServer
from werkzeug import Response

from chats import prices
from chats.engine.bodies import MOST_OF_TRANSCRIPT
from chats.engine.parts import ModelError, Recording, Transcript, UsageReport
from chats.engine.provider import OpenAICompatible, Timeouts
from config.demo.model import voice
from tests.factories import NOON

SAID = "Where is my parcel?"
NOTE = Recording("whisper-1", "recording.ogg", voice.note(SAID))


@pytest.fixture(autouse=True)
def _closed(httpserver: HTTPServer) -> Iterator[None]:
    """Close the files that were sent."""
    yield
    for request, _ in httpserver.log:
        request.close()


async def transcript_of(server: HTTPServer, answer: Any) -> Transcript:
    """Transcribe by a server that returns ``answer``: a JSON body, or a response."""
    expected = server.expect_request("/v1/audio/transcriptions", method="POST")
    if isinstance(answer, Response):
        expected.respond_with_response(answer)
    else:
        expected.respond_with_json(answer)
    timeouts = Timeouts(connect=1, total=2)
    provider = OpenAICompatible(base_url=server.url_for("/v1"), api_key="k", timeouts=timeouts)
    try:
        return await provider.transcribe(NOTE)
    finally:
        await provider.close()


async def test_voice_note_is_sent_as_it_is_under_a_name_with_its_format(
    provider: OpenAICompatible, httpserver: HTTPServer
) -> None:
    transcript = await provider.transcribe(NOTE)
    assert transcript == Transcript(SAID, UsageReport(audio_seconds=1.0))
    await transcript_of(httpserver, {"text": SAID})
    sent = httpserver.log[0][0]
    assert sent.files["file"].filename == "recording.ogg"
    assert sent.files["file"].read() == NOTE.data
    assert sent.form["model"] == "whisper-1"


@pytest.mark.parametrize(
    ("answer", "usage"),
    [
        ({"text": SAID}, None),
        (Response(SAID), None),
        ({"text": SAID, "usage": "much"}, None),
        ({"text": SAID, "usage": {"type": "duration", "seconds": 9}}, UsageReport(audio_seconds=9)),
        (
            {"text": SAID, "usage": {"type": "duration", "seconds": -9}},
            UsageReport(audio_seconds=0),
        ),
        (
            {
                "text": SAID,
                "usage": {
                    "type": "tokens",
                    "input_tokens": 14,
                    "output_tokens": 5,
                    "total_tokens": 19,
                },
            },
            UsageReport(input=14, output=5),
        ),
    ],
)
async def test_usage_is_taken_as_it_is_reported(
    httpserver: HTTPServer, answer: Any, usage: UsageReport | None
) -> None:
    assert await transcript_of(httpserver, answer) == Transcript(SAID, usage)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Response("no", 400), "refused"),
        (Response("no", 401), "refused"),
        (Response("no", 429), "rate_limited"),
        (Response("no", 503), "unavailable"),
        ({"nothing": 1}, "malformed"),
        ([SAID], "malformed"),
        (Response("x" * (MOST_OF_TRANSCRIPT + 1)), "too_long"),
    ],
)
async def test_failure_is_raised_as_the_engine_s_error(
    httpserver: HTTPServer, answer: Any, code: str
) -> None:
    with pytest.raises(ModelError) as failed:
        await transcript_of(httpserver, answer)
    assert failed.value.code == code


async def test_server_that_is_away_is_unavailable() -> None:
    provider = OpenAICompatible(base_url="http://127.0.0.1:9/v1", api_key="k")
    with pytest.raises(ModelError, match="unavailable"):
        await provider.transcribe(NOTE)
    await provider.close()


COST: list[tuple[str, UsageReport, Callable[[Decimal | None], bool]]] = [
    ("whisper-1", UsageReport(audio_seconds=60), lambda cost: cost == Decimal("0.006")),
    ("whisper-1", UsageReport(output=5), lambda cost: cost is None),
    ("our-own-ear", UsageReport(audio_seconds=30), lambda cost: cost == Decimal("0.01")),
]


@pytest.mark.parametrize(("model", "usage", "is_right"), COST)
def test_time_has_its_price_and_what_is_not_known_is_not_nothing(
    settings: Settings, model: str, usage: UsageReport, is_right: Callable[[Decimal | None], bool]
) -> None:
    settings.IS_DEMO_MODEL = False
    settings.MODEL_PRICES = {"our-own-ear": {"input": "0", "output": "0", "minute": "0.02"}}
    assert is_right(prices.cost(model, usage, at=NOON))
