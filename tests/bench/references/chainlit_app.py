"""What Chainlit runs: an assistant as its documentation has it, on the model at ``MODEL_URL``.

``python -m chainlit run tests/bench/references/chainlit_app.py``, where chainlit is installed.
"""

import os
from importlib import import_module
from typing import Any

# No dependency of ours: only Chainlit loads this.
chainlit: Any = import_module("chainlit")
model: Any = import_module("openai").AsyncOpenAI(base_url=os.environ["MODEL_URL"], api_key="none")


@chainlit.on_message
async def answer(message: Any) -> None:
    """Answer with the model's tokens, as they come."""
    said = chainlit.Message(content="")
    asked = [{"role": "user", "content": message.content}]
    stream = await model.chat.completions.create(model="stamped", messages=asked, stream=True)
    async for part in stream:
        if token := part.choices[0].delta.content:
            await said.stream_token(token)
    await said.update()
