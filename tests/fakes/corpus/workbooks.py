"""Workbooks as people send them: formulas without values, dates, hidden sheets, old and locked."""

import io
import random
import struct
import zipfile
from datetime import UTC, datetime

import openpyxl

from tests.fakes import office
from tests.fakes.corpus.archives import packed, settled
from tests.fakes.corpus.compound import compound
from tests.fakes.corpus.specimens import Fate, Right, Specimen

DAY = r"2026-11-24|24\.11\.2026|11/24/2026|24/11/2026|24 Nov\w* 2026|Nov\w* 24, 2026"
EXCEL = r"(?i)excel|workbook|spreadsheet"
CALC = r"(?i)opendocument|calc|spreadsheet"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_RECORD = 0xA5
"""Seed of what stands for encrypted bytes."""


def workbook() -> bytes:
    """Return a workbook with everything that is easily lost."""
    book, target = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    sheet.title = "Orders"
    sheet.append(["Number", "Amount", "Paid", "When", "Share"])
    day = datetime(2026, 11, 24, tzinfo=UTC).replace(tzinfo=None)
    sheet.append(["ORD-48213", 1234567, True, day, 0.19])
    sheet.append(["Total", "=SUM(B2:B2)", '=IF(B2>1,"yes","no")', "#REF!", 12.5])
    sheet["D2"].number_format = "yyyy-mm-dd"
    sheet["E2"].number_format = "0%"
    sheet.merge_cells("A5:C5")
    sheet["A5"] = "Merged remark"
    hidden = book.create_sheet("Margins")
    hidden.append(["Secret margin", 0.4])
    hidden.sheet_state = "hidden"
    book.save(target)
    return settled(target.getvalue())


def with_macros() -> bytes:
    """Return a workbook with a part for macros."""
    book = workbook()
    return packed({**_members(book), "xl/vbaProject.bin": compound({"PROJECT": b"x"})})


def calc() -> bytes:
    """Return a spreadsheet of LibreOffice."""
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    sums = (
        '<table:table-cell table:formula="of:=SUM([.B1:.B1])" office:value-type="float" '
        'office:value="7"><text:p>7</text:p></table:table-cell>'
    )
    day = (
        '<table:table-cell office:value-type="date" office:date-value="2026-11-24">'
        "<text:p>24.11.2026</text:p></table:table-cell>"
    )
    row = f"<table:table-row>{cell.format('ORD-48213')}{sums}{day}</table:table-row>"
    body = f'<office:spreadsheet><table:table table:name="Lamps">{row}</table:table>'
    return odf("spreadsheet", f"{body}</office:spreadsheet>")


def odf(kind: str, body: str) -> bytes:
    """Return an OpenDocument file with this body."""
    spaces = " ".join(
        f'xmlns:{name}="{_ODF}:{name}:1.0"' for name in ("office", "table", "text", "drawing")
    ).replace("xmlns:drawing", "xmlns:draw")
    content = f'<?xml version="1.0"?><office:document-content {spaces}><office:body>{body}'
    content += "</office:body></office:document-content>"
    kind = f"application/vnd.oasis.opendocument.{kind}"
    manifest = f'<manifest:manifest xmlns:manifest="{_ODF}:manifest:1.0"/>'
    members = {
        "mimetype": kind.encode(),
        "content.xml": content.encode(),
        "META-INF/manifest.xml": manifest.encode(),
    }
    return packed(members, is_first_stored=True)


def old(*, is_locked: bool = False) -> bytes:
    """Return a workbook of Excel 97: text, number, date, a formula and its value."""
    stream = _old_globals(is_locked=is_locked)
    sheet_at = len(stream)
    place = stream.index(b"\x85\x00") + 4
    stream = stream[:place] + struct.pack("<I", sheet_at) + stream[place + 4 :]
    stream += _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0xDBB, 0x7CC, 0, 6))
    stream += _label(0, 0, "ORD-48213") + _label(0, 1, "Björk")
    stream += _number(1, 0, 1234567.0, style=0) + _number(1, 1, 46350.0, style=1)
    stream += _label(2, 0, "Total")
    formula = struct.pack("<HHH", 2, 1, 0) + struct.pack("<dHIH", 42.0, 0, 0, 3) + b"\x1e\x2a\x00"
    stream += _record(0x6, formula)
    stream += _record(0xA, b"")
    return compound(
        {"Workbook": stream.ljust(4096, b"\0")}, class_id="00020820-0000-0000-C000-000000000046"
    )


def locked() -> bytes:
    """Return a workbook that a password protects: an encrypted package in a compound file."""
    chance = random.Random(_RECORD)  # noqa: S311 - the same bytes every time
    salt = "AAAAAAAAAAAAAAAAAAAAAA=="
    cipher = (
        'saltSize="16" blockSize="16" keyBits="256" hashSize="64" cipherAlgorithm="AES" '
        f'cipherChaining="ChainingModeCBC" hashAlgorithm="SHA512" saltValue="{salt}"'
    )
    key = " ".join(
        f'{name}="{salt}"'
        for name in (
            "encryptedVerifierHashInput",
            "encryptedVerifierHashValue",
            "encryptedKeyValue",
        )
    )
    about = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><encryption '
        'xmlns="http://schemas.microsoft.com/office/2006/encryption" '
        'xmlns:p="http://schemas.microsoft.com/office/2006/keyEncryptor/password">'
        f'<keyData {cipher}/><dataIntegrity encryptedHmacKey="{salt}" '
        f'encryptedHmacValue="{salt}"/><keyEncryptors><keyEncryptor '
        'uri="http://schemas.microsoft.com/office/2006/keyEncryptor/password">'
        f'<p:encryptedKey spinCount="100000" {cipher} {key}/></keyEncryptor></keyEncryptors>'
        "</encryption>"
    )
    return compound(
        {
            "EncryptionInfo": struct.pack("<HHI", 4, 4, 0x40) + about.encode(),
            "EncryptedPackage": struct.pack("<Q", 8000) + chance.randbytes(8192),
            "\x06DataSpaces": {"Version": b"\x3c\0\0\0" + "Microsoft".encode("utf-16-le")},
        }
    )


def specimens() -> list[Specimen]:
    """Return the workbooks."""
    words = ("ORD-48213", "1234567", "SUM(B2:B2)", "Margins", "Merged remark", "#REF!")
    told = (DAY, r"19\s?%", r"(?i)\b(true|yes)\b", r"(?i)hidden")
    never = ("1234567.0", "00:00:00", "None")
    return [
        _book("orders.xlsx", workbook, EXCEL, *words, told=told, never=never),
        _book("strict.xlsx", lambda: settled(office.strict(workbook())), EXCEL, *words, told=told),
        _book("orders", workbook, EXCEL, *words, told=told, never=never),
        _book(
            "with macros.xlsm",
            with_macros,
            r"(?i)excel.*macro|macro.*excel",
            "ORD-48213",
            told=("macros, which were not run",),
        ),
        Specimen("binary.xlsb", _binary, Right(fate=Fate.UNKNOWN, called=EXCEL)),
        _book("calc.ods", calc, CALC, "ORD-48213", "Lamps", told=(DAY,)),
        _book(
            "old.xls",
            old,
            EXCEL,
            "ORD-48213",
            "Björk",
            told=(r"1,?234,?567(?!\.0)", DAY, r"\b42\b"),
        ),
        _book("old without ending", old, EXCEL, "ORD-48213"),
        Specimen("budget.xlsx", locked, Right(fate=Fate.LOCKED, called=r"(?i)excel|office")),
        Specimen("letter to you.docx", locked, Right(fate=Fate.LOCKED, called=r"(?i)word|office")),
        Specimen(
            "old locked.xls",
            lambda: old(is_locked=True),
            Right(fate=Fate.LOCKED, called=EXCEL),
        ),
        Specimen("numbers.numbers", lambda: _apple("numbers"), _apples(r"(?i)numbers|apple")),
    ]


def _binary() -> bytes:
    """Return a workbook whose parts are no XML."""
    types = (
        '<?xml version="1.0"?><Types xmlns='
        '"http://schemas.openxmlformats.org/package/2006/content-types"><Override '
        'PartName="/xl/workbook.bin" ContentType='
        '"application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>'
    )
    return packed({"[Content_Types].xml": types.encode(), "xl/workbook.bin": bytes(90)})


def _apple(kind: str) -> bytes:
    del kind
    members = {"Index/Document.iwa": bytes(90), "Index/Tables/DataList.iwa": bytes(9)}
    return packed({**members, "Metadata/Properties.plist": b"bplist00"}, is_first_stored=True)


def _apples(called: str) -> Right:
    return Right(fate=Fate.UNKNOWN, called=called)


def _book(
    name: str,
    make: object,
    called: str,
    *words: str,
    told: tuple[str, ...] = (),
    never: tuple[str, ...] = (),
) -> Specimen:
    right = Right(called=called, words=words, told=told, never=never)
    return Specimen(name, make, right)  # type: ignore[arg-type]


def _members(document: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(document)) as file:
        return {name: file.read(name) for name in file.namelist()}


def _record(number: int, data: bytes) -> bytes:
    return struct.pack("<HH", number, len(data)) + data


def _old_globals(*, is_locked: bool) -> bytes:
    """Return the records that stand before the sheets: a font, formats, one sheet's name."""
    begin = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0xDBB, 0x7CC, 0, 6))
    if is_locked:
        begin += _record(0x2F, struct.pack("<HHH", 1, 1, 1) + bytes(48))
    begin += _record(0x42, struct.pack("<H", 1200))
    style = "<HHHBBBBIIH"
    plain = struct.pack(style, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0)
    day = struct.pack(style, 0, 14, 1, 0, 0, 0, 0, 0, 0, 0)
    begin += _record(0xE0, plain) + _record(0xE0, day)
    sheet = struct.pack("<IBBBB", 0, 0, 0, 6, 0) + b"Orders"
    return begin + _record(0x85, sheet) + _record(0xA, b"")


def _label(row: int, column: int, words: str) -> bytes:
    data = struct.pack("<HHHHB", row, column, 0, len(words), 1) + words.encode("utf-16-le")
    return _record(0x204, data)


def _number(row: int, column: int, value: float, *, style: int) -> bytes:
    return _record(0x203, struct.pack("<HHHd", row, column, style, value))
