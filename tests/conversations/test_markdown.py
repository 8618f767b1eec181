"""Markdown: what people and models write becomes HTML that can do no harm."""

import re
from collections.abc import Callable

import pytest

from conversations import markdown

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src='https://evil.example'></iframe>",
    "<style>body { display: none }</style>",
    "<a href='javascript:alert(1)' onclick='alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    '<https://evil.example/"onmouseover=alert(1)>',
    '[x](https://a.example "\\" onmouseover=alert(1)")',
    "![x](https://evil.example/pixel.png)",
    "![x][1]\n\n[1]: https://evil.example/pixel.png",
    '```"><img src=x onerror=alert(1)>\nx\n```',
    "```html\n<script>alert(1)</script>\n```",
    "`<script>alert(1)</script>`",
    "| <img src=x onerror=alert(1)> |\n|---|\n| <script>1</script> |",
    "<!-- --><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<details ontoggle=alert(1) open>",
    "<details ontoggle=alert(1)>x</details>",
    "<b onclick=alert(1)>x</b>",
    "<b><script>alert(1)</script></b>",
    "<code><img src=x onerror=alert(1)></code>",
    "<a href='JavaScript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='https://a.example' onclick='alert(1)'>x</a>",
    "<a href='https://a.example/\"onmouseover=alert(1)'>x</a>",
    "<ul><li><img src=x onerror=alert(1)></li></ul>",
    "<!-- a --!><img src=x onerror=alert(1)> -->",
    "<b <script>alert(1)</script>>x</b>",
    "**<i>**<svg/onload=alert(1)></i>",
    '[x](https://a.example/**"onclick=alert(1)**)',
    "```<script>\nalert(1)\n```",
    "<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)>",
]
TAG = re.compile(r"<\s*(/?)([a-z0-9]+)([^>]*)>", re.IGNORECASE)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("render", [markdown.render, markdown.render_plain, markdown.render_typed])
def test_nothing_hostile_gets_through(render: Callable[[str], str], text: str) -> None:
    html = render(text)
    for _, name, attributes in TAG.findall(html):
        assert name in markdown.TAGS
        assert not re.search(r"\bon\w+\s*=", re.sub(r'"[^"]*"', "", attributes))
        assert not re.search(r"\b(style|src)\s*=", attributes)
        for address in re.findall(r'href="([^"]*)"', attributes):
            assert address.startswith(("http://", "https://", "mailto:"))


def test_links_say_nothing_about_the_reader() -> None:
    html = markdown.render("[shop](https://shop.example) and https://shop.example/x")
    assert html.count('rel="noopener nofollow"') == 2
    assert html.count('target="_blank"') == 2


def test_an_image_is_no_more_than_a_link() -> None:
    html = markdown.render("![lamp](https://shop.example/lamp.png)")
    assert "<img" not in html
    assert 'href="https://shop.example/lamp.png"' in html


def test_an_address_without_a_scheme_is_no_link() -> None:
    assert "<a" not in markdown.render("[admin](/admin/) [other](//evil.example) [up](../x)")


def test_code_is_coloured_by_classes() -> None:
    html = markdown.render('```json\n{"a": 1}\n```')
    assert '<div class="code__head">json</div>' in html
    assert 'class="tok-nt"' in html
    assert "style=" not in html


def test_an_unknown_language_stays_plain() -> None:
    html = markdown.render("```klingon\nnuqneH\n```")
    assert "nuqneH" in html


def test_code_that_has_not_ended_yet_is_code_already() -> None:
    assert "<pre><code>" in markdown.render("```python\nprint(1)")


def test_a_table_aligns_by_classes() -> None:
    html = markdown.render("| a | b |\n|---|--:|\n| 1 | 2 |")
    assert '<td class="align-right">2</td>' in html


def test_a_line_break_is_kept() -> None:
    assert "one<br>" in markdown.render("one\ntwo")


def test_a_customers_text_stays_as_it_was_typed() -> None:
    html = markdown.render_plain("# 1\n**no** - `marks`\nhttps://shop.example")
    assert "**no** - `marks`" in html
    assert "<h1" not in html
    assert 'href="https://shop.example"' in html


def test_what_is_far_too_long_stays_plain() -> None:
    assert "<em>" not in markdown.render("*a*" * 20_000)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("[paypal.example](https://evil.test/login)", "evil.test"),
        ("[https://paypal.example/a](https://evil.test/paypal.example/a)", "evil.test"),
        ("[**paypal**.example](https://evil.test)", "evil.test"),
        ("[pay\u200bpal.exa\u00admple](https://evil.test)", "evil.test"),
        (
            "[\uff50\uff41\uff59\uff50\uff41\uff4c\uff0e\uff45\uff58\uff41\uff4d\uff50\uff4c\uff45](https://evil.test)",
            "evil.test",
        ),
        ("[paypal.example](https://paypal.example@evil.test)", "evil.test"),
        ("https://paypal.example@evil.test/", "evil.test"),
        ("[help@paypal.example](mailto:mallory@evil.test)", "mallory@evil.test"),
        ("[help@paypal.example](https://evil.test)", "evil.test"),
        ("[192.168.1.1](https://evil.test)", "evil.test"),
        ("[https://intranet/login](https://evil.test)", "evil.test"),
        ("https://\u0430\u0440\u0440\u04cf\u0435.com/id", "xn--80ak6aa92e.com"),
    ],
)
def test_a_link_that_looks_like_another_address_names_its_own(text: str, host: str) -> None:
    assert f'</a> <span class="link-host">({host})</span>' in markdown.render(text)


@pytest.mark.parametrize(
    "text",
    [
        "[our shop](https://shop.example)",
        "[shop.example](https://shop.example/lamps?id=1)",
        "[https://www.shop.example/](https://shop.example)",
        "https://shop.example/lamps/lamp.html?next=other.example",
        "shop.com/a@b",
        "[help@shop.example](mailto:help@shop.example)",
        "help@shop.example",
        "https://müller.example/ä",
    ],
)
@pytest.mark.parametrize("render", [markdown.render, markdown.render_plain])
def test_an_honest_link_is_not_explained(render: Callable[[str], str], text: str) -> None:
    assert "link-host" not in render(text)


@pytest.mark.parametrize("render", [markdown.render, markdown.render_plain])
def test_nothing_turns_the_letters_of_an_address_round(render: Callable[[str], str]) -> None:
    html = render("\u202ehttps://evil.test/\u202dmoc.elpmaxe \u2067x\u2069\u202c")
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", html)
    assert 'dir="ltr"' in html


def test_a_list_that_is_read_from_the_right_has_its_bullets_there() -> None:
    text = "- أحمر\n\n1. אדום\n\n> مرحبا\n\n| الصنف |\n|---|\n| مصباح |"
    html = markdown.render(text)
    for tag in ("ul", "ol", "blockquote", "table"):
        assert f'<{tag} dir="auto">' in html
    assert "dir=" not in markdown.render("- red\n\n> quoted\n\n| a |\n|---|\n| b |")


def test_a_customers_link_names_its_host_as_well() -> None:
    html = markdown.render_plain("https://paypal.example@evil.test/\u200e now")
    assert '<span class="link-host">(evil.test)</span>' in html
    assert "\u200e" not in html
