"""What people type is shown as they typed it, on every face."""

from html.parser import HTMLParser

import pytest

from conversations import markdown
from conversations.models import AuthorKind, Message
from conversations.previews import of
from conversations.sources.whatsapp.transport import text_of

TYPED = [
    "# 5 is mine",
    "## a\n===\n---",
    "1. x\n3. y\n2) z",
    "* a\n+ b\n- c",
    "> a\n>> b",
    "`a` ``b`` ~~~c",
    "*a* _b_ __c__ ~d~ ***e***",
    "20*30*40 cm",
    "__init__.py a_b_c snake_case",
    "5 * 3 * 2 = 30",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "<b>x</b> <br> <!-- y --> </p>",
    "&amp; &nbsp; &#65; &lt;",
    r"\* \_ \\ C:\path\*.* a\ ",
    "  two\n\ttab\n\n\n\nthree   blanks",
    "![x](y) [a]: b [^1]",
    "Title\n=====",
    "    four blanks",
    "**kwargs and *args, 2**10",
    "**** **** **** 1234",
    "$$x$$ \\(y\\) $5",
    "- [x] done",
    "+49 (30) 123-45 / a_b@c.d",
    "안녕 **\u3000全角",
    "👩🏽\u200d🚀 :smile: 1️⃣",
    "مرحبا # 5 *a*",
]


class Words(HTMLParser):
    """The text of HTML as a browser shows it where blanks are kept."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        is_kept = 'class="typed"' in html
        self.feed(html.replace("<br>\n", "<br>") if not is_kept else html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.text += "\n" if tag == "br" else ""

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("text", TYPED)
def test_a_customers_text_is_shown_sign_by_sign(text: str) -> None:
    assert Words(markdown.render_plain(text)).text == text.rstrip()


@pytest.mark.parametrize("text", [one for one in TYPED if "`a`" not in one])
def test_an_agents_text_keeps_what_is_no_mark_for_certain(text: str) -> None:
    assert Words(markdown.render_typed(text)).text == text.rstrip()


@pytest.mark.parametrize("text", [*TYPED, "**bold** `code`", "```\na\n```", "*bold* _it_ ~no~"])
def test_whatsapp_gets_what_an_agent_typed(text: str) -> None:
    assert text_of(message(AuthorKind.AGENT, text)) == text


@pytest.mark.parametrize("kind", [AuthorKind.CUSTOMER, AuthorKind.AGENT])
@pytest.mark.parametrize("text", TYPED)
def test_a_preview_keeps_every_sign_that_was_typed(text: str, kind: AuthorKind) -> None:
    assert of(message(kind, text)) == " ".join(text.split())


def test_a_preview_of_an_answer_has_words_alone() -> None:
    text = (
        "## Your **order**\n\n1. See [the shop](https://a.example)\n2. `a_b` 20*30\n\n|a|b|\n|-|-|"
    )
    wanted = "Your order 1. See the shop 2. a_b 20*30 a b"
    assert of(message(AuthorKind.ASSISTANT, text)) == wanted


@pytest.mark.parametrize("text", ["x**2 + y**2", "2*x*y", "a*b*c", "a*b > c*d", "r**2 * pi, a**2"])
def test_a_preview_of_an_answer_keeps_the_stars_of_a_sum(text: str) -> None:
    assert of(message(AuthorKind.ASSISTANT, text)) == text
    assert of(message(AuthorKind.ASSISTANT, "un*believ*able")) == "unbelievable"


@pytest.mark.parametrize("text", ["1. a\n3. b", "1. a\n\n5. b", "+ 5 €", "+ 5 €\n- 3 €", "07. May"])
def test_a_preview_of_an_answer_keeps_the_heads_of_lines(text: str) -> None:
    assert of(message(AuthorKind.ASSISTANT, text)) == " ".join(text.split())


def test_blanks_are_kept_by_a_class() -> None:
    assert markdown.render_plain("a\n\nb") == "<p>a<br>\n<br>\nb</p>"
    assert markdown.render_plain(" a\n  b") == '<p class="typed"> a<br>  b</p>'
    assert markdown.render_plain(" \n ") == ""


def test_code_that_an_agent_fences_is_a_block() -> None:
    html = markdown.render_typed("See:\n```\nls **x**\n```\nand ```\nnot closed")
    assert '<div class="code__head">text</div><pre><code>ls **x**' in html
    assert "<p>and ```<br>\nnot closed</p>" in html


def test_a_question_to_an_assistant_is_as_typed_but_for_code() -> None:
    html = markdown.render_question("# **a**\n```\n*b*\n```")
    assert html.startswith("<p># **a**</p>")
    assert "<pre><code>*b*\n</code></pre>" in html


def test_words_with_an_address_are_a_link() -> None:
    html = markdown.render_typed("[Track it](https://shop.example/a) [x](javascript:alert(1))")
    assert '<a href="https://shop.example/a"' in html
    assert "[x](javascript:alert(1))" in html


def message(kind: AuthorKind, text: str) -> Message:
    return Message(kind=Message.Kind.MESSAGE, author_kind=kind, text=text)
