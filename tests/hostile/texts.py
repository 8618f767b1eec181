"""Texts that cost dear: what strangers and models may write to keep a process busy."""

from collections.abc import Callable, Mapping, Sequence

LONGEST = 10_000
"""Code points of a message."""

UNITS: Mapping[str, Sequence[str]] = {
    "brackets": ("[", "]", "![", "[]", "[[a]", "[a][", "]("),
    "links": ("[a](b", "[](", "[a](https://b.example) ", "[a](<b", '[a](b "c', "[[a](b)](c)"),
    "images": ("![](", "![a](b) ", "![a][b]"),
    "backticks": ("`", " `a", "`a``b", "``a```", "`\\"),
    "stars": ("*", "*a ", "**a ", "*a**", "***a", "**a*b*c**"),
    "underscores": ("_", "_a ", "__a ", "_a*", "*a_b"),
    "tildes": ("~", "~~a", "~~a~~ ", "~a~~b"),
    "angles": ("<", "<a ", "<a>", "<!--", "<?", "<http:", "<b@c.d> ", "</"),
    "ampersands": ("&", "&amp;", "&#1;", "&#x10ffff;", "&CounterClockwiseContourIntegral;"),
    "pipes": ("|", "a|b", "|-", "|:-:"),
    "schemes": ("://", "//", "//a ", "http://", "https://a", "http://a(", "ftp://a.b ", "mailto:"),
    "hosts": ("www.", "www.a.b ", "a.com ", "a.b.", ".com", "a.com/", "1.1.1.1 ", "a:1/"),
    "names": ("http://" + "\ufdfa" * 30 + ".com ", "http://" + "ü" * 60 + ".de ", "a@ﬃ.de "),
    "long": ("a+" * 1017 + "@b.co ", "http://b.co/?" + "a." * 1010 + " ", "ж+" * 500 + "@b.co "),
    "mails": ("@.", "a@b.co ", "a@b", "@", "a@a.a@", "mailto:a@b.co "),
    "references": ("[x]: y\n", "[x]: <y\n", '[x]: y "z\n', "[x]:\n", "[a]: /b\n\n[a]\n"),
    "quotes": ("> ", ">", "> a\n>> b\n", ">\n"),
    "lists": ("- ", "1. ", "- a\n", "* a\n  * b\n", "1) a\n", "-\n"),
    "headings": ("# ", "# a\n", "a\n=\n", "a\n-\n", "=\n", "#\n"),
    "rules": ("---\n", "***\n", "- - -\n", "_ _ _\n"),
    "fences": ("```\n", "~~~\n", "```", "````\n```\n", "    a\n", "\ta\n"),
    "escapes": ("\\", "\\*", "\\[", "\\\n", "\\`"),
    "numbers": ("1", "1,", "1.", "0x", "1e9"),
    "parentheses": ("(", ")", "()", "(a", "[a]((("),
    "punctuation": ("'", '"', "-", "--", "...", "!", "=", "+", "#", "\\|"),
    "directions": ("\u202e", "\u202ea\u202c", "\u2066a", "\u200f", "א ", "\u202ehttp://a.b "),
    "combining": ("e\u0301", "\u0301", "a" + "\u0300" * 50, "\u20dd", "ก\u0e49\u0e49"),
    "invisible": ("\u200b", "a\u200b", "\u2060", "\ufeff", "\u00ad", "\U000e0041"),
    "wide": ("漢", "한글 ", "「**あ**」", "漢http://a.b", "。"),
    "emoji": (
        "\U0001f600",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        "\U0001f1e9",
        "1\ufe0f\u20e3",
    ),
    "spaces": (" ", "\t", "\n", " \n", "\r\n", "\u00a0", "\u2028", "\x0b"),
    "controls": ("\x01", "\x1b[31m", "\x7f", "\x85"),
}
"""What is repeated, by family."""

SHAPES: Sequence[Callable[[str], str]] = (
    lambda unit: unit,
    lambda unit: f"{unit}a",
    lambda unit: f"{unit} ",
    lambda unit: f"{unit}\n",
)
"""How it is repeated: close together, or with something between."""

PLACES: Sequence[Callable[[str], str]] = (
    lambda body: f"> {body}",
    lambda body: f"- {body}",
    lambda body: f"|a|b|\n|-|-|\n|{body}",
)
"""Where it stands: one shape of each unit also stands in a quote, a list or a table."""

LANGUAGES = (
    "ng2",
    "autohotkey",
    "python",
    "json",
    "html",
    "perl",
    "none",
    "brainfuck",
    "sql",
    "md",
)


def hostile_texts() -> list[str]:
    """Return the texts, more than 500, the same ones every time."""
    return [*_repeated(), *_tables(), *_nested(), *_code(), *_mixed()]


def _filled(unit: str) -> str:
    return (unit * (LONGEST // len(unit) + 1))[:LONGEST]


def _repeated() -> list[str]:
    texts = []
    units = [unit for family in UNITS.values() for unit in family]
    for number, unit in enumerate(units):
        texts += [_filled(shape(unit)) for shape in SHAPES]
        texts.append(PLACES[number % len(PLACES)](_filled(unit))[:LONGEST])
    return texts


def _tables() -> list[str]:
    texts = []
    for columns in (2, 10, 50, 100, 500, 1600):
        head = "|" + "a|" * columns + "\n|" + "-|" * columns + "\n"
        row = "|" + "b|" * columns + "\n"
        texts += [(head + filler * LONGEST)[:LONGEST] for filler in ("|\n", "b\n", row, "|" * 80)]
        texts.append((head * LONGEST)[:LONGEST])
    return texts


def _nested() -> list[str]:
    steps = [("> ", "a\n"), (">", "a\n"), ("  ", "- a\n"), ("   ", "1. a\n"), ("> - ", "a\n")]
    texts = ["".join(deep * i + end for i in range(140))[:LONGEST] for deep, end in steps]
    pairs = [
        ("[", "](b)"),
        ("*", "*"),
        ("**", "**"),
        ("(", ")"),
        ("> ", ""),
        ("- ", ""),
        ("![", "]()"),
    ]
    return texts + [
        opening * depth + "a" + closing * depth
        for opening, closing in pairs
        for depth in (50, 500, 1600)
    ]


def _code() -> list[str]:
    bodies = ("{{ x ", "/* ", "'\\", '"a', "((((", "<!-- ", "a = b\n", "#{", "0" * 60, "=begin ")
    return [f"```{name}\n{_filled(body)}"[:LONGEST] for name in LANGUAGES for body in bodies]


def _mixed() -> list[str]:
    """Return texts of units of two families in turn."""
    firsts = [family[0] for family in UNITS.values()]
    return [
        _filled(one + other)
        for place, one in enumerate(firsts)
        for other in (firsts[(place + 7) % len(firsts)], firsts[(place + 13) % len(firsts)])
    ]
