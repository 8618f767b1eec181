"""An answer that streams, in a browser: it looks as it will, and what stands there stays."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from conversations import markdown
from conversations.models import AuthorKind
from tests.conversations.markup.corpus import scripts, snippets
from tests.conversations.socket_script import Script

pytestmark = pytest.mark.browser

SCRIPT = Path(__file__).with_name("growing.js").read_text()

NESTED = (
    "- first\n  - nested one\n  - nested two\n    1. deeper\n    2. deeper still\n- last\n\nThen"
)
TABLE = "Prices:\n| zebra | price |\n|:---:|--:|\n| black | 1 **euro** |\n| white |\n\nThat is all."
TEXTS = [
    NESTED,
    TABLE,
    NESTED.replace("\n", "\r\n"),
    TABLE.replace("\n", "\r\n"),
    "1. first\n\n   more\n\n2. second\n\n   ```python\n   code = 1\n\n   done\n   ```\n3. third",
    "* star\n* moon\n+ plus\n+ minus\n5) five\n6) more\n- goes\non lazily\n\n- stays",
    "> quoted words\n> - with item\n>\n> ends here\n\nAfter that\n\n---\n\nAnd on",
    "Title of it\n===\n\n~~gone~~ *slanted* **both *of it*** `a | b` snake_case_word 2 * 3\nbroken",
    "## Steps ##\nSee [our shop](https://shop.example/a) at https://shop.example/b_c_d, **[1]**\\*",
    "Item | Price\n--- | ---\nlamp | 3 \\| 4\ntable | `12`\n# Head\n~~~~ py\n~~~\n- raw\n~~~~\nend",
    "1. Choose\n```sh\nls\n```\n2. Press\n\n\tand wait\n\nNo | table here\nreally none",
    "-\tfirst\n\t- nested\n\t\t1.\tdeeper\n-\tlast\n```\n\ttab\there\n```\nend",
    "Not closed: **bold and *slanted and `code and [words](",
]
AS_TYPED = (
    "a slanted letter within a word",
    "a list in tags",
    "a formula",
    "letters of a formula",
)
"""Snippets whose signs are drawn as typed until their block is finished."""
DRAWN_ANEW = (
    "a bill with a plus and a minus",
    "a plus before an amount",
    "a table in tags",
    "a table in tags within a line",
    "a table in tags without a head",
    "blocks with attributes",
    "half a word that is gone",
    "no link within a link",
    "products in a query",
    "squares keep their stars",
    "tags of looks",
    "temperatures",
)
"""Snippets of which the server knows more than a page that reads on: tags, sums, signs."""
LATE = ("Item | ", "No | ", "===")
"""Words of which only the line behind them tells whether they are a table or a heading."""
STEADY = [text for text in TEXTS if not any(words in text for words in LATE)]


@pytest.fixture(scope="module")
def growing(browser: Browser) -> Iterator[Page]:
    """An empty page that can show growing texts."""
    script = Script()
    page = browser.new_page()
    page.goto(f"http://{script.host}/")
    page.evaluate(SCRIPT)
    yield page
    page.close()
    script.close()


def test_a_growing_text_looks_as_the_server_renders_it(growing: Page) -> None:
    for text in TEXTS:
        whole = f"{text}\n"
        final = growing.evaluate("html => rendered(html)", markdown.render(whole))
        assert growing.evaluate("text => grown(text)", whole) == final


def test_the_words_of_every_script_are_those_that_come(growing: Page) -> None:
    written = [one for name in scripts() for one in snippets(name)]
    found = {}
    for snippet in written:
        if snippet.author == AuthorKind.ASSISTANT and snippet.name not in {*AS_TYPED, *DRAWN_ANEW}:
            grown = growing.evaluate("text => grownWords(text)", f"{snippet.text}\n")
            final = growing.evaluate("html => renderedWords(html)", snippet.html)
            if grown != final:
                found[snippet.name] = (grown, final)
    assert found == {}


def test_no_word_leaves_its_block_and_no_mark_is_seen(growing: Page) -> None:
    found = {text: growing.evaluate("text => unsteady(text)", text) for text in STEADY}
    assert {text: words for text, words in found.items() if words} == {}


def test_what_is_marked_by_somebody_who_reads_stays(growing: Page) -> None:
    seen = growing.evaluate(
        """async (text) => {
          const { GrowingText } = await import("/static/conversations/growing.js");
          const growing = new GrowingText();
          growing.show(text);
          const first = growing.element.querySelector("td");
          growing.show(`${text} 2 |\\n| c`);
          return growing.element.contains(first);
        }""",
        "| a | b |\n|---|---|\n| 1 |",
    )
    assert seen
