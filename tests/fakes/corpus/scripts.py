"""Texts in the charsets and scripts in which the world still writes, long and short."""

# ruff: noqa: RUF001 - letters of other scripts are meant

from tests.fakes.corpus.specimens import Fate, Right, Specimen

GERMAN = (
    "Sehr geehrte Damen und Herren, die Lampe „Björk“ flackert seit Montag. Ich hätte gern einen "
    "Rückruf über die Größe der Fassung. Mit freundlichen Grüßen, Jürgen Müller, Köln."
)
FRENCH = (
    "Bonjour, la lampe que j’ai commandée à Noël est arrivée cassée. Où puis-je la renvoyer, "
    "s’il vous plaît ? Ça fait déjà trois semaines que j’attends. Hélène Lefèvre, Orléans."
)
POLISH = (
    "Dzień dobry, zamówiłem lampę, ale przyszła żarówka w złym kolorze. Proszę o szybką odpowiedź, "
    "czy mogę ją zwrócić. Łączę wyrazy szacunku, Michał Wiśniewski, Łódź."
)
CZECH = (
    "Dobrý den, světlo v kuchyni přestalo svítit už po týdnu. Žádám o výměnu nebo vrácení peněz, "
    "účtenku přikládám. Děkuji, Jiří Dvořák, Plzeň."
)
RUSSIAN = (
    "Здравствуйте! Я заказал у вас настольную лампу, но она пришла с разбитым стеклом. Подскажите, "
    "пожалуйста, как вернуть деньги или получить новую. С уважением, Николай Петров."
)
UKRAINIAN = (
    "Добрий день! Лампа, яку я замовила, не вмикається. Чи можна її замінити? Її надіслали ще "
    "минулого тижня, а гарантія діє рік. Дякую, Оксана Їжакевич, Київ."
)
GREEK = (
    "Καλησπέρα σας, το φωτιστικό που παρήγγειλα έφτασε σπασμένο. Θα ήθελα να το επιστρέψω και να "
    "πάρω πίσω τα χρήματά μου. Ευχαριστώ πολύ, Γιώργος Παπαδόπουλος."
)
TURKISH = (
    "Merhaba, sipariş ettiğim lamba çalışmıyor. Işığı sürekli yanıp sönüyor, değiştirmek "
    "istiyorum. Lütfen bana ne yapmam gerektiğini söyleyin. Teşekkürler, Gülşah Yıldız, İzmir."
)
HEBREW = (
    "שלום רב, המנורה שהזמנתי הגיעה שבורה. אני מבקש להחליף אותה או לקבל את הכסף בחזרה. "
    "מספר ההזמנה מצורף. תודה רבה, דוד כהן, תל אביב."
)
ARABIC = (
    "السلام عليكم، المصباح الذي طلبته وصل مكسورا. أريد أن أعيده وأسترد المبلغ من فضلكم. "
    "رقم الطلب موجود في الأسفل. شكرا جزيلا، محمد الحسن، القاهرة."
)
LITHUANIAN = (
    "Laba diena, užsakyta lempa neveikia jau trečią dieną. Prašau pranešti, kaip ją grąžinti ir "
    "kada gausiu pinigus. Ačiū, Žydrūnas Šimkus, Šiauliai."
)
THAI = (
    "สวัสดีครับ โคมไฟที่ผมสั่งซื้อมาถึงแล้วแต่หลอดไฟแตก ผมต้องการเปลี่ยนสินค้าใหม่หรือขอเงินคืน "
    "กรุณาติดต่อกลับด้วยครับ ขอบคุณมากครับ"
)
JAPANESE = (
    "お世話になっております。先週注文したランプが届きましたが、ガラスが割れていました。"
    "交換または返金をお願いできますでしょうか。よろしくお願いいたします。田中太郎"
)
KOREAN = (
    "안녕하세요. 지난주에 주문한 램프가 도착했는데 유리가 깨져 있습니다. "
    "교환이나 환불이 가능한지 알려 주세요. 감사합니다. 김민수 드림"
)
TRADITIONAL = (
    "您好，我上星期訂購的檯燈已經送到，可是玻璃破了。請問可以更換或者退款嗎？"
    "訂單號碼附在下面。謝謝您的幫忙。陳大文 臺北"
)
SIMPLIFIED = (
    "您好，我上周订购的台灯已经送到，但是玻璃碎了。请问可以更换或者退款吗？"
    "订单号附在下面。谢谢您的帮助。王小明 北京"
)
HUNGARIAN = (
    "Jó napot kívánok, a múlt héten rendelt lámpa törötten érkezett. Szeretném kicserélni, vagy "
    "visszakérni az árát. Köszönettel, Győző Erdős, Győr."
)
SPANISH = (
    "Buenos días, la lámpara que compré el año pasado ya no enciende. ¿Todavía tengo garantía? "
    "Necesitaría una solución rápida. Muchas gracias, Íñigo Peña, Logroño."
)

LONG = (
    ("brief utf-8.txt", "utf-8", GERMAN),
    ("brief mit bom.txt", "utf-8-sig", GERMAN),
    ("unicode.txt", "utf-16", FRENCH),
    ("without mark le.txt", "utf-16-le", GERMAN),
    ("without mark be.txt", "utf-16-be", GREEK),
    ("russian without mark.txt", "utf-16-le", RUSSIAN),
    ("four bytes.txt", "utf-32", POLISH),
    ("notepad de.txt", "cp1252", GERMAN),
    ("euro fr.txt", "cp1252", FRENCH),
    ("list pl.csv", "cp1250", POLISH),
    ("dopis.txt", "cp1250", CZECH),
    ("level hu.txt", "iso8859-2", HUNGARIAN),
    ("pismo 1251.txt", "cp1251", RUSSIAN),
    ("pismo koi8.txt", "koi8-r", RUSSIAN),
    ("lyst koi8-u.txt", "koi8-u", UKRAINIAN),
    ("pismo iso5.txt", "iso8859-5", RUSSIAN),
    ("pismo dos.txt", "cp866", RUSSIAN),
    ("gramma 1253.txt", "cp1253", GREEK),
    ("gramma iso7.txt", "iso8859-7", GREEK),
    ("mektup.txt", "cp1254", TURKISH),
    ("michtav.txt", "cp1255", HEBREW),
    ("risala.txt", "cp1256", ARABIC),
    ("laiskas.txt", "cp1257", LITHUANIAN),
    ("thai.txt", "cp874", THAI),
    ("sjis.txt", "shift_jis", JAPANESE),
    ("euc-jp.txt", "euc_jp", JAPANESE),
    ("jis.txt", "iso2022_jp", JAPANESE),
    ("euc-kr.txt", "euc_kr", KOREAN),
    ("big5.txt", "big5", TRADITIONAL),
    ("gb18030.txt", "gb18030", SIMPLIFIED),
    ("gbk.csv", "gbk", SIMPLIFIED),
    ("kana sjis.txt", "shift_jis", "よろしくお願いいたします。"),
    ("kana euc.txt", "euc_jp", "キャンセルしたいです。"),
)
SHORT = (
    ("dos es.txt", "cp850", SPANISH),
    ("mac.txt", "mac_roman", SPANISH),
    ("short 1251.txt", "cp1251", "Где мой заказ?"),
    ("short sjis.csv", "shift_jis", "品名,数量\nランプ,2\n"),
    ("short 1252.txt", "cp1252", "Straße 5, Köln"),
    ("short euc-kr.txt", "euc_kr", "주문 취소해 주세요"),
    ("short gbk.txt", "gbk", "请退款"),
    ("short 1253.txt", "cp1253", "Πού είναι η λάμπα;"),
    ("short 1255.txt", "cp1255", "איפה המנורה שלי?"),
)


def specimens() -> list[Specimen]:
    """Return the texts."""
    served = r"text/(plain|csv)"
    long = [
        Specimen(name, _encoded(words, charset), Right(words=_words(words), served=served))
        for name, charset, words in LONG
    ]
    short = [
        Specimen(
            name,
            _encoded(words, charset),
            Right(words=(words.strip()[:60].splitlines()[0],), served=served, is_doubtful=True),
        )
        for name, charset, words in SHORT
    ]
    return [*long, *short, *_cut(), *_spoilt()]


def _cut() -> list[Specimen]:
    """Return texts that are longer than what is read, or turn foreign late."""
    whole = Right(words=(JAPANESE[:20],), never=("\ufffd",), served="text/plain", told=("cut",))
    ascii_first = b"2026-11-20 12:00:01 INFO order 48213 taken in\n" * 250
    late = Right(words=("order 48213", RUSSIAN[:40]), served="text/plain")
    extended = "뷁 똠방각하 펲시콜라 찦차를 타고 왔습니다. 설믜 주문이 취솟됐나요? 감사합니다"
    return [
        Specimen("long sjis.txt", lambda: (JAPANESE * 900).encode("shift_jis"), whole),
        Specimen("long utf-8.txt", (JAPANESE * 900).encode, whole),
        Specimen("long utf-16.txt", lambda: ("x" + JAPANESE * 900).encode("utf-16"), whole),
        Specimen("late russian.log", lambda: ascii_first + RUSSIAN.encode("cp1251"), late),
        Specimen("cp949.txt", _encoded(extended, "cp949"), Right(words=("뷁 똠방각하",))),
    ]


def _spoilt() -> list[Specimen]:
    """Return texts with bytes that do not belong there."""
    utf8 = GERMAN.encode()
    return [
        Specimen("broken bytes.txt", lambda: utf8 + b"\nTel. \xff\xfe 0221", _plain("Jürgen")),
        Specimen("one control byte.txt", lambda: b"Order\x01 48213 of Jane\n", _plain("48213")),
        Specimen("trailing nul.txt", lambda: b"Order 48213 of Jane\n\x00", _plain("48213")),
        Specimen("form feeds.txt", lambda: b"Page one\x0cPage two 48213\x0c", _plain("48213")),
        Specimen("end of file mark.txt", lambda: b"Order 48213\r\n\x1a", _plain("48213")),
        Specimen("who knows.txt", lambda: b"\xcf\xf0\xe8 42", Right(is_marked_doubtful=True)),
        Specimen("a.txt", lambda: b"k", _plain("k")),
        Specimen("only blanks.txt", lambda: b" \r\n\r\n\t ", Right(told=(r"[Nn]o words|empty",))),
        Specimen("nothing.txt", bytes, Right(fate=Fate.REFUSED)),
    ]


def _plain(*words: str) -> Right:
    return Right(words=words, served="text/plain", never=("\x00", "\x01", "\ufffd\ufffd\ufffd"))


def _encoded(words: str, charset: str) -> "_Encoded":
    return _Encoded(words, charset)


class _Encoded:
    """A text in a charset; what this lacks is written as plainly as people would."""

    def __init__(self, words: str, charset: str) -> None:
        self._words, self._charset = words, charset

    def __call__(self) -> bytes:
        return _typed(self._words, self._charset).encode(self._charset)


def _typed(words: str, charset: str) -> str:
    """Return the words with the quotation marks that the charset has."""
    for fine, plain in (("’", "'"), ("„", '"'), ("“", '"'), ("،", ","), ("？", "?")):
        try:
            fine.encode(charset)
        except UnicodeEncodeError:
            words = words.replace(fine, plain)
    return words


def _words(words: str) -> tuple[str, ...]:
    """Return parts of the text that bear letters beyond ASCII and no quotation marks."""
    parts = words.replace("’", "\n").replace("„", "\n").replace("“", "\n").replace("،", "\n")
    found = [part.strip() for part in parts.replace("？", "\n").splitlines()]
    return tuple(part for part in found if len(part) > 8 and not part.isascii())
