"""A worker as one writes it first: OpenAI's SDK, and ``group_send`` for every token.

``python -m tests.bench.references.naive_task REDIS_URL MODEL_URL STREAMS QUESTION`` answers so many
times beside each other, in a thread each, and prints the tokens and the seconds of computing.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from asgiref.sync import async_to_sync
from channels_redis.pubsub import RedisPubSubChannelLayer
from openai import OpenAI


def main(redis: str, model: str, streams: str, question: str) -> None:
    """Answer, and say what it cost."""
    layer = RedisPubSubChannelLayer(hosts=[redis])
    client = OpenAI(base_url=model, api_key="none")

    def answer(number: int) -> int:
        count = 0
        with client.chat.completions.create(
            model="stamped", messages=[{"role": "user", "content": question}], stream=True
        ) as stream:
            for part in stream:
                if text := part.choices[0].delta.content:
                    event = {"type": "token", "text": text}
                    async_to_sync(layer.group_send)(f"conversation.{number}", event)
                    count += 1
        return count

    before = time.process_time()
    with ThreadPoolExecutor(int(streams)) as threads:
        tokens = sum(threads.map(answer, range(int(streams))))
    computed = time.process_time() - before
    sys.stdout.write(json.dumps({"tokens": tokens, "computed": computed}))


if __name__ == "__main__":
    main(*sys.argv[1:])
