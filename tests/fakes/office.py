"""Office files by their parts, with what the usual libraries neither write nor read."""

import io
import re
import zipfile

from tests.fakes import files

_OPEN = "http://schemas.openxmlformats.org"
_RELATIONS = f"{_OPEN}/officeDocument/2006/relationships"
_SPACES = " ".join(
    f'xmlns:{prefix}="{space}"'
    for prefix, space in (
        ("w", f"{_OPEN}/wordprocessingml/2006/main"),
        ("r", _RELATIONS),
        ("a", f"{_OPEN}/drawingml/2006/main"),
        ("c", f"{_OPEN}/drawingml/2006/chart"),
        ("dgm", f"{_OPEN}/drawingml/2006/diagram"),
        ("m", f"{_OPEN}/officeDocument/2006/math"),
        ("mc", f"{_OPEN}/markup-compatibility/2006"),
        ("wps", "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"),
        ("v", "urn:schemas-microsoft-com:vml"),
        ("w14", "http://schemas.microsoft.com/office/word/2010/wordml"),
    )
)
_TRANSITIONAL = re.compile(rb"http://schemas\.openxmlformats\.org/(?!package|markup)(\w+)/2006/")
_ROOTS = {
    "header": "w:hdr",
    "footer": "w:ftr",
    "footnotes": "w:footnotes",
    "endnotes": "w:endnotes",
    "comments": "w:comments",
    "chart": "c:chartSpace",
    "diagramData": "dgm:dataModel",
}
CHART = (
    "<c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>Sales</a:t></a:r></a:p></c:rich></c:tx>"
    "</c:title><c:plotArea><c:barChart><c:ser>"
    '<c:tx><c:strRef><c:strCache><c:pt idx="0"><c:v>Lamps</c:v></c:pt></c:strCache></c:strRef>'
    '</c:tx><c:cat><c:strRef><c:strCache><c:pt idx="0"><c:v>Q1</c:v></c:pt><c:pt idx="1">'
    "<c:v>Q2</c:v></c:pt></c:strCache></c:strRef></c:cat><c:val><c:numRef><c:numCache>"
    '<c:pt idx="0"><c:v>19.2</c:v></c:pt><c:pt idx="1"><c:v>20.1</c:v></c:pt></c:numCache>'
    "</c:numRef></c:val></c:ser></c:barChart></c:plotArea></c:chart>"
)
DIAGRAM = (
    "<dgm:ptLst><dgm:pt><dgm:t><a:p><a:r><a:t>Order</a:t></a:r></a:p></dgm:t></dgm:pt>"
    "<dgm:pt><dgm:t><a:p><a:r><a:t>Pay</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:ptLst>"
)


def word(body: str, **parts: str) -> bytes:
    """Return a Word document; its further parts are named by their kind and a number."""
    relations = [("lost", "image", "NULL")]
    relations += [(name, name.rstrip("0123456789"), f"{name}.xml") for name in parts]
    members = {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _related([("a", "officeDocument", "word/document.xml")]),
        "word/_rels/document.xml.rels": _related(relations),
        "word/document.xml": _rooted("w:document", f"<w:body>{body}</w:body>"),
    }
    for name, inner in parts.items():
        root = _ROOTS[name.rstrip("0123456789")]
        members[f"word/{name}.xml"] = _rooted(root, inner)
    return files.archive(members)


def strict(data: bytes) -> bytes:
    """Return an Office file as "Strict Open XML", whose names of spaces are others."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    return files.archive(
        {
            name: _TRANSITIONAL.sub(rb"http://purl.oclc.org/ooxml/\1/", body)
            for name, body in members.items()
        }
    )


def related_chart(data: bytes, slide: str) -> bytes:
    """Return a presentation whose slide bears a chart and a diagram."""
    place = f"ppt/slides/_rels/{slide}.xml.rels"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    links = [("c1", "chart", "../charts/chart1.xml"), ("d1", "diagramData", "../diagrams/d1.xml")]
    added = _relations(links).encode() + b"</Relationships>"
    members[place] = members[place].replace(b"</Relationships>", added)
    members["ppt/charts/chart1.xml"] = _rooted("c:chartSpace", CHART)
    members["ppt/diagrams/d1.xml"] = _rooted("dgm:dataModel", DIAGRAM)
    return files.archive(members)


def _rooted(root: str, inner: str) -> bytes:
    return f'<?xml version="1.0"?><{root} {_SPACES}>{inner}</{root}>'.encode()


def _types() -> bytes:
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    space = f"{_OPEN}/package/2006/content-types"
    return (
        f'<?xml version="1.0"?><Types xmlns="{space}"><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/word/document.xml" '
        f'ContentType="{main}"/></Types>'
    ).encode()


def _related(relations: list[tuple[str, str, str]]) -> bytes:
    space = f"{_OPEN}/package/2006/relationships"
    body = _relations(relations)
    return f'<?xml version="1.0"?><Relationships xmlns="{space}">{body}</Relationships>'.encode()


def _relations(relations: list[tuple[str, str, str]]) -> str:
    return "".join(
        f'<Relationship Id="{name}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for name, kind, target in relations
    )
