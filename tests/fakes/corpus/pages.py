"""Files that are markup: pages, drawings, feeds; read for their words, never opened as pages."""

from tests.fakes.corpus.specimens import Right, Specimen

ORDER = "ORD-48213"
PAGE = f"""<!doctype html><html><head><title>Receipt</title><style>p{{color:red}}</style></head>
<body><script>var secret = 1;</script><p>Your order <b>{ORDER}</b> &amp; more</p></body></html>"""
OLD_PAGE = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1251">
</head><body><p>Спасибо за заказ</p></body></html>"""
DRAWING = f"""<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90" onload="alert(1)">
<rect width="90" height="90" fill="red"/><text x="5" y="20">{ORDER}</text></svg>"""
INVOICE = f"""<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"><ID>{ORDER}</ID></Invoice>
"""
TABLE = f"""<html xmlns:x="urn:schemas-microsoft-com:office:excel"><body><table>
<tr><td>{ORDER}</td><td>Björk</td></tr></table></body></html>"""
FEED = (
    f"""<?xml version="1.0"?><rss version="2.0"><channel><title>{ORDER}</title></channel></rss>"""
)
OLD_XML = '<?xml version="1.0" encoding="ISO-8859-1"?><note><who>Jürgen</who></note>'
SAVED = f"""MIME-Version: 1.0
Content-Type: multipart/related; boundary="x"; type="text/html"

--x
Content-Type: text/html

<html><body><p>Saved {ORDER}</p></body></html>
--x--
"""
NEVER_A_PAGE = r"text/plain|application/octet-stream"


def specimens() -> list[Specimen]:
    """Return the files."""
    return [
        _of("receipt.html", PAGE.encode(), r"(?i)page|html", ORDER, "& more", never=("<p>", "var")),
        _of("spasibo.htm", OLD_PAGE.encode("cp1251"), r"(?i)page|html", "Спасибо за заказ"),
        _of("export.xls", TABLE.encode(), "", ORDER, "Björk", never=("<td>",)),
        _of("fragment.html", f"<p>Thanks for {ORDER}</p>".encode(), "", ORDER),
        _of("logo.svg", DRAWING.encode(), r"(?i)svg|drawing"),
        _of("invoice.xml", INVOICE.encode(), r"(?i)xml", ORDER),
        _of("feed.rss", FEED.encode(), "", ORDER),
        _of("note latin1.xml", OLD_XML.encode("latin-1"), r"(?i)xml", "Jürgen"),
        _of("saved.mht", SAVED.encode(), "", "Saved"),
        _of("page in utf-16.html", PAGE.encode("utf-16"), r"(?i)page|html", ORDER),
    ]


def _of(name: str, data: bytes, called: str, *words: str, never: tuple[str, ...] = ()) -> Specimen:
    right = Right(called=called, words=words, never=never, served=NEVER_A_PAGE)
    return Specimen(name, lambda: data, right)
