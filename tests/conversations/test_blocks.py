"""Blocks of an answer that streams: they look like the finished one, and are rendered once."""

import pytest

from conversations import blocks, markdown

ANSWER = """## Steps

1. Open **My orders**

2. Press *Return*

   and print

| a | b |
|---|---|
| 1 | 2 |

> quoted

> further

```python
a = 1


b = 2
```

~~~
```

~~~
The end: https://shop.example

- one

- two
"""


def test_blocks_together_look_like_the_whole() -> None:
    assert blocks.render(ANSWER) == markdown.render(ANSWER)
    assert blocks.render("") == ""


def test_code_that_is_not_finished_stays_one_block() -> None:
    text = "Look:\n\n```python\na = 1\n\nb = 2\n"
    assert blocks.render(text) == markdown.render(text)


@pytest.mark.parametrize(
    "code",
    [
        "````markdown\n```python\n\n# a\n```\n\n# b\n````\n\nThe end.\n",
        "~~~~\n~~~\n\n# a\n~~~~~\n\nThe end.\n",
        "```\n```python\n\n# a\n```\n\nThe end.\n",
        "```\n~~~\n\n# a\n``` \n\nThe end.\n",
        "```a`b\n\nThe end.\n\n# a\n",
        "~~~ a`b\n\n# a\n~~~\n\nThe end.\n",
        "```\n``` a\n\n# a\n   ````\n\nThe end.\n",
    ],
)
def test_only_a_bare_fence_as_long_ends_code(code: str) -> None:
    for end in range(len(code) + 1):
        assert blocks.render(code[:end]) == markdown.render(code[:end])


def test_a_flush_renders_what_is_new_alone() -> None:
    blocks.rendered.cache_clear()
    paragraphs = [f"Paragraph **{number}** of the answer.\n\n" for number in range(100)]
    for end in range(1, 101):
        blocks.render("".join(paragraphs[:end]))
    assert blocks.rendered.cache_info().misses == 100
