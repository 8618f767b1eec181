"""Charsets: text of any charset is text, read as it was written, or said to be a guess."""

import os

import pytest

from conversations.files import charsets, kinds, texts
from tests.conversations import sentences

# ruff: noqa: RUF001 - letters of other alphabets look like those of this one

RUSSIAN = (
    "Здравствуйте! Я заказал у вас настольную лампу, но она пришла с разбитым стеклом. "
    "Подскажите, пожалуйста, как вернуть деньги."
)
GREEK = (
    "Καλημέρα, παρήγγειλα ένα φωτιστικό πριν από δύο εβδομάδες αλλά δεν έχει έρθει ακόμα. "
    "Μπορείτε να μου πείτε πότε θα παραδοθεί;"
)
HEBREW = "שלום, הזמנתי מנורה לפני שבועיים והיא עדיין לא הגיעה. מתי תגיע המשלוח שלי? תודה רבה"
ARABIC = "مرحبا، لقد طلبت مصباحا قبل أسبوعين ولم يصل بعد. متى سيتم تسليم الطلب؟ شكرا جزيلا لكم"
JAPANESE = (
    "先週注文したランプがまだ届いていません。配送状況を教えてください。よろしくお願いします。"
)
KOREAN = "지난주에 주문한 램프가 아직 도착하지 않았습니다. 배송 상황을 알려주시면 감사하겠습니다."
CHINESE = "您好，我上周订购的台灯还没有收到，请问什么时候可以送到？谢谢您的帮助。"
TAIWANESE = "您好，我上週訂購的檯燈還沒有收到，請問什麼時候可以送到？謝謝您的幫助。"
GERMAN = (
    "Die Lampe, die ich für unser Büro bestellt habe, flackert. Können Sie eine größere schicken?"
)
POLISH = (
    "Dzień dobry, zamówiłem lampę dwa tygodnie temu, ale jeszcze nie przyszła. Proszę o odpowiedź."
)
TURKISH = "Geçen hafta sipariş ettiğim lamba henüz gelmedi. Ne zaman ulaşacağını öğrenebilir miyim?"
THAI = "สวัสดีครับ ผมสั่งซื้อโคมไฟเมื่อสองสัปดาห์ก่อนแต่ยังไม่ได้รับสินค้า กรุณาตรวจสอบให้ด้วยครับ"


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        *[(RUSSIAN, codec) for codec in ("cp1251", "koi8-r", "iso8859-5", "cp866")],
        *[(GREEK, codec) for codec in ("cp1253", "iso8859-7")],
        *[(HEBREW, codec) for codec in ("cp1255", "iso8859-8")],
        (ARABIC, "cp1256"),
        *[(JAPANESE, codec) for codec in ("shift_jis", "euc_jp", "iso2022_jp")],
        *[(KOREAN, codec) for codec in ("euc_kr", "cp949")],
        *[(CHINESE, codec) for codec in ("gbk", "gb18030")],
        (TAIWANESE, "big5"),
        *[(GERMAN, codec) for codec in ("cp1252", "iso8859-15", "mac_roman", "cp850")],
        *[(POLISH, codec) for codec in ("cp1250", "iso8859-2")],
        *[(TURKISH, codec) for codec in ("cp1254", "iso8859-9")],
        (THAI, "cp874"),
        *[(JAPANESE, f"utf-{width}") for width in ("8", "8-sig", "16", "32")],
        *[
            (text, f"utf-{width}-{end}")
            for text in (GERMAN, RUSSIAN, JAPANESE, "Привет", "こんにちは世界")
            for width in ("16", "32")
            for end in ("le", "be")
        ],
    ],
)
def test_text_is_read_as_it_was_written(text: str, codec: str) -> None:
    data = text.encode(codec)
    assert kinds.sniff(data, "a.txt").content_type == "text/plain"
    assert texts.read(data)[0] == text
    assert kinds.sniff(data, "a.csv").content_type == "text/csv"


@pytest.mark.parametrize("language", sentences.SENTENCES)
def test_short_sentence_is_read_or_said_to_be_a_guess(language: str) -> None:
    wrong = [
        (charset, text, found.charset, found.text)
        for text, charset, data in sentences.encoded(language)
        if (found := charsets.decoded(data)).is_sure and not _is_same(found.text, text)
    ]
    assert not wrong


@pytest.mark.parametrize("language", sentences.SENTENCES)
def test_short_sentence_is_mostly_read_right(language: str) -> None:
    cases = sentences.encoded(language)
    wrong = [
        (charset, text, found.charset, found.text)
        for text, charset, data in cases
        if not _is_same((found := charsets.decoded(data)).text, text)
    ]
    assert len(wrong) <= len(cases) // 10, wrong


def test_word_of_two_alphabets_in_unicode_stays_as_it_is() -> None:
    for text in ("Бъдещo и Nоrdhem, naïve Ωμ", "Gəl", "nǐ hǎo", "un şi ţ, ș ț", "thư", "20 €"):
        assert charsets.decoded(text.encode()) == charsets.Decoded(text)


@pytest.mark.parametrize(("text", "codec"), [("一", "gb18030"), ("42分", "euc_jp")])
def test_few_signs_that_are_unicode_by_chance_are_doubted(text: str, codec: str) -> None:
    assert not charsets.decoded(text.encode(codec)).is_sure


@pytest.mark.parametrize(
    "data", ["При 42".encode("cp1251"), b"Gr\xfc\xdfe", b"ok\xc3\xa9\xc3\xa9\xff"]
)
def test_doubtful_charset_is_named(data: bytes) -> None:
    text, extent = texts.read(data)
    assert text
    assert extent.startswith("1 line; read as ")
    assert extent.endswith(", some characters may be wrong")


def test_sure_charset_is_not_mentioned() -> None:
    assert texts.read(RUSSIAN.encode("cp1251")) == (RUSSIAN, "1 line")


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"one \x01 stray control", "one  stray control"),
        (b"a nul at the end\x00", "a nul at the end"),
        (b"padded with nuls" + bytes(12), "padded with nuls"),
        (b"end of file of DOS\r\n\x1a", "end of file of DOS"),
        (b"page\fbreak", "page\nbreak"),
        (b"\x1b[1;31mred\x1b[0m \x1b]0;title\x07log", "red log"),
        (b"old\rMac", "old\nMac"),
        ("naïve ".encode() * 20 + b"\xff", "naïve " * 20 + "\ufffd"),
    ],
)
def test_text_with_odd_bytes_is_still_text(data: bytes, text: str) -> None:
    assert kinds.sniff(data, "a.txt").content_type == "text/plain"
    assert texts.read(data)[0] == text


@pytest.mark.parametrize(
    "data",
    [bytes(range(256)), bytes(5000), b"\0\1\2\3" * 9, b"head" * 50 + bytes(range(30)) * 4],
    ids=["every byte", "zeros", "numbers", "words and numbers"],
)
def test_binary_file_never_becomes_text(data: bytes) -> None:
    assert kinds.sniff(data, "a.txt").content_type == kinds.UNKNOWN


def test_noise_never_becomes_text() -> None:
    for _ in range(200):
        assert not charsets.is_text(os.urandom(400))


@pytest.mark.parametrize("sign", ["é", "価", "😀"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_no_character_is_split_where_a_text_is_cut(sign: str, codec: str) -> None:
    for lead in ("", "a", "ab", "abc"):
        text = texts.read((lead + sign * texts.MOST_BYTES).encode(codec))[0]
        assert set(text.removesuffix(texts.CUT).strip()) <= {sign, *"abc"}


@pytest.mark.parametrize(
    "form", ['<?xml version="1.0" encoding="{}"?><a>{}</a>', "<html><meta charset={}>{}"]
)
def test_declared_charset_comes_first(form: str) -> None:
    data = form.format("iso-8859-2", "Żółw").encode("iso-8859-2")
    assert "Żółw" in texts.read(data)[0]


def _is_same(one: str, other: str) -> bool:
    return one.translate(sentences.CEDILLAS) == other.translate(sentences.CEDILLAS)


@pytest.mark.parametrize("word", ["Հայերեն", "Grüße", "Привет", "שלום", "नमस्ते", "ქართული"])
def test_a_short_text_in_utf_8_is_no_guess(word: str) -> None:
    assert texts.read(word.encode()) == (word, "1 line")
