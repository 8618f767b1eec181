"""The demo model's server, used as any other provider: through the openai SDK."""

import time
import wave
from collections.abc import Iterator
from io import BytesIO

import openai
import pytest
from openai import OpenAI

from tests.chats.servers import DemoModelServer, demo_model_server


@pytest.fixture(scope="module")
def client(demo_model_process: DemoModelServer) -> Iterator[OpenAI]:
    with OpenAI(base_url=demo_model_process.url, api_key="none", max_retries=0) as client:
        yield client


def test_answers_without_streaming(client: OpenAI) -> None:
    answer = client.chat.completions.create(
        model="demo", messages=[{"role": "user", "content": "Hello"}]
    )
    assert answer.choices[0].message.content
    assert answer.usage
    assert answer.usage.completion_tokens >= 40


def test_lists_its_models(client: OpenAI) -> None:
    assert "demo" in [model.id for model in client.models.list()]


def test_speaks_and_understands_itself(client: OpenAI) -> None:
    speech = client.audio.speech.create(model="demo-speech", voice="alloy", input="Hello, Victor")
    audio = speech.content
    with wave.open(BytesIO(audio)) as file:
        assert file.getnframes() / file.getframerate() == pytest.approx(0.5)
    transcript = client.audio.transcriptions.create(
        model="demo-transcription", file=("a.wav", audio, "audio/wav")
    )
    assert transcript.text == "Hello, Victor"


def test_invents_no_words_for_a_real_recording(client: OpenAI) -> None:
    transcript = client.audio.transcriptions.create(model="demo", file=("a.ogg", b"OggS\0\0"))
    assert transcript.text.startswith("(The demo model cannot hear: a recording of 6 bytes.")


def test_embeds_like_things_alike(client: OpenAI) -> None:
    texts = ["return a lamp", "the lamp return", "opening hours"]
    vectors = [row.embedding for row in client.embeddings.create(model="demo", input=texts).data]

    def likeness(one: int, other: int) -> float:
        return sum(a * b for a, b in zip(vectors[one], vectors[other], strict=True))

    assert likeness(0, 1) == pytest.approx(1)
    assert abs(likeness(0, 2)) < 0.9


def test_refuses_with_a_time_to_come_back(client: OpenAI) -> None:
    with pytest.raises(openai.RateLimitError) as refusal:
        client.chat.completions.create(
            model="demo:429", messages=[{"role": "user", "content": "Hello"}]
        )
    assert refusal.value.response.headers["retry-after"] == "1"


def test_logs_when_requests_came_and_went(client: OpenAI, demo_model: DemoModelServer) -> None:
    before = time.monotonic()
    client.chat.completions.create(
        model="demo:words=50,rate=500", messages=[{"role": "user", "content": "Hello"}]
    )
    entry = demo_model.last()
    assert before < entry["connected"] < entry["first_byte"] <= entry["finished"] < time.monotonic()
    assert entry["closed"] is None


def test_keeps_its_pace() -> None:
    with (
        demo_model_server(rate=200) as server,
        OpenAI(base_url=server.url, api_key="none") as client,
    ):
        start = time.monotonic()
        stream = client.chat.completions.create(
            model="demo", messages=[{"role": "user", "content": "Hello"}], stream=True
        )
        count = sum(1 for chunk in stream if chunk.choices and chunk.choices[0].delta.content)
        assert time.monotonic() - start == pytest.approx(count / 200, rel=0.5)
