"""Exports in the code pages of their countries are read as in UTF-8, or refused with the right encoding to choose."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from loader.errors import FileRefusedError
from loader.files.containers import unpacked
from loader.files.dialects import recognise
from loader.files.headers import PlatformColumns
from loader.files.options import ReadingOptions
from loader.project.project import find_project
from tests.platform_exports import PLATFORM_EXPORTS, PlatformExport
from tests.support import ROOT, read_export

WESTERN = "cp1252 iso8859-1 iso8859-15 mac_roman cp850 cp1250 cp1254 cp1257"
# code pages by language; others can hold its letters, but nothing writes them for it
PAGES = {
    "ja": "cp932 shift_jis euc_jp",
    "pl": "cp1250 iso8859-2 mac_latin2 cp852",
    "tr": "cp1254 iso8859-9 mac_turkish cp857",
}
UNICODE = "utf-8 utf-8-sig utf-16 utf-16-le utf-16-be"
ACCENTED = [export for export in PLATFORM_EXPORTS if not all(part.isascii() for part in export.columns)]
HEADER = "Day,Campaign name,Impressions,Link clicks,Amount spent (EUR)\n"
# under English headers, where words alone decide
NAMES = (
    ("cp1252 iso8859-1 mac_roman", "Frühjahr|Große Größen|Küche & Bad|Über uns"),
    ("cp1252 iso8859-15 mac_roman", "Crème hydratante|Forêt à Noël|Rentrée|Œuvres complètes"),
    ("cp1252 mac_roman", "Campaña de otoño|Niños|Rebajas mañana"),
    ("cp1252 mac_roman", "Promoção de verão|Coleção|São João"),
    ("cp1252 mac_roman", "Novità|Libertà e città|Più venduti"),
    ("cp1252 mac_roman", "België|Financiën|Ideeën voor thuis"),
    ("cp1252", "Höst|Kläder för män|Återförsäljare"),
    ("cp1252", "Efterår|Børnetøj|Køkken på lager"),
    ("cp1252", "Kesä|Äitienpäivä|Lähellä"),
    ("cp1250 iso8859-2", "Śledzie|Wyprzedaż łóżek|Dzień Matki"),
    ("cp1250 iso8859-2", "Čtvrtek|Zimní výprodej|Dětské oblečení"),
    ("cp1250 iso8859-2", "Őszi vásár|Gyűrűk|Női ruhák"),
    ("cp1250", "Încălțăminte|Bărbați|Toamnă".replace("ț", "ţ")),
    ("cp1254 iso8859-9", "Yaz İndirimi|Kış sezonu|Çocuk ayakkabı"),
    ("cp1257", "Rudens išpardavimas|Kalėdos|Vaikų žaislai"),
    ("cp1251 koi8_r iso8859-5 mac_cyrillic", "Осенняя распродажа|Детская одежда|Скидки"),
    ("cp1253 iso8859-7", "Φθινόπωρο|Παιδικά ρούχα|Προσφορά"),
    ("cp1255", "מבצע סתיו|בגדי ילדים|קולקציה חדשה"),
    ("cp1256", "تخفيضات الخريف|ملابس أطفال|مجموعة جديدة"),
    ("cp1258", "Mùa hè|Việt Nam|Bán hàng"),
    ("cp874", "ลดราคา|เสื้อผ้าเด็ก|กรุงเทพ"),
    ("cp932 euc_jp", "秋のセール|子供服|春コレクション"),
    ("gb18030", "秋季促销活动|北京品牌|冬季搜索"),
    ("big5", "秋季特賣|台北品牌|女裝"),
    ("cp949", "가을 세일|아동복|서울 브랜드"),
)


@pytest.fixture(scope="module")
def known() -> PlatformColumns:
    return PlatformColumns(find_project(ROOT))


def encoded(text: str, page: str) -> bytes | None:
    """The text in a code page; none where that lacks a character. cp1258 writes tones as characters of their own."""
    for form in (text, "".join(_with_tone(character) for character in text) if page == "cp1258" else text):
        try:
            return form.encode(page)
        except UnicodeEncodeError:
            pass
    return None


def _with_tone(character: str) -> str:
    parts = unicodedata.normalize("NFD", character)
    tones = "".join(part for part in parts if part in "\u0300\u0301\u0303\u0309\u0323")
    return unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones)) + tones


def read_as(content: bytes, path: Path, known: PlatformColumns) -> list[str]:
    """The text of a file as it is read; the texts to choose from where it is refused."""
    path.write_bytes(content)
    try:
        with unpacked(path, ReadingOptions()) as export:
            encodings = [recognise(export, known).encoding]
    except FileRefusedError as refused:
        assert refused.code == "encoding-unsure", refused
        assert len(refused.answers) > 1
        encodings = [str(answer.value) for answer in refused.answers]
        assert {answer.option for answer in refused.answers} == {"encoding"}
    texts = (content.decode(encoding, "replace") for encoding in encodings)
    return [unicodedata.normalize("NFC", text.removeprefix("\ufeff")) for text in texts]


def text_of(export: PlatformExport) -> str:
    text = export.content().decode(export.encoding).replace("\u202f", "\xa0")
    # those of Japan have no accents
    return text.replace("Été", "夏") if export.language == "ja" else text


def cases() -> Iterator[object]:
    for export in ACCENTED:
        marks = () if export.platform == "meta" else pytest.mark.slow
        yield pytest.param(export, id=export.name, marks=marks)


@pytest.mark.parametrize("export", list(cases()))
def test_a_platforms_export_in_any_code_page_of_its_language_is_read(
    export: PlatformExport, known: PlatformColumns, tmp_path: Path
) -> None:
    text = text_of(export)
    pages = [page for page in f"{PAGES.get(export.language, WESTERN)} {UNICODE}".split() if encoded(text, page)]
    assert len(pages) > 6
    for page in pages:
        content = encoded(text, page)
        assert content
        assert read_as(content, tmp_path / "export.csv", known) == [text], page


@pytest.mark.parametrize(
    "export", [export for export in ACCENTED if export.platform == "meta"], ids=lambda export: export.name
)
def test_its_columns_and_cells_are_those_of_the_same_file_in_utf8(
    export: PlatformExport, known: PlatformColumns, tmp_path: Path
) -> None:
    text = text_of(export)
    path = tmp_path / "export.csv"
    path.write_text(text, encoding="utf-8")
    expected, rows = read_export(path, known)
    page = next(page for page in PAGES.get(export.language, WESTERN).split() if encoded(text, page))
    path.write_bytes(encoded(text, page) or b"")
    dialect, found = read_export(path, known)
    assert (dialect.columns, found) == (expected.columns, rows)


@pytest.mark.parametrize(("pages", "names"), NAMES)
def test_words_decide_where_no_header_does(pages: str, names: str, known: PlatformColumns, tmp_path: Path) -> None:
    text = HEADER + "".join(f"2024-05-01,{name},1000,10,1.50\n" for name in names.split("|"))
    for page in pages.split():
        content = encoded(text, page)
        assert content, page
        assert read_as(content, tmp_path / "export.csv", known) == [unicodedata.normalize("NFC", text)], page


@pytest.mark.parametrize(
    ("page", "name"), [("cp1250", "Buty męskie"), ("mac_roman", "Niños"), ("iso8859-5", "Зима"), ("euc_jp", "検索")]
)
def test_one_short_word_is_read_or_asked_for(page: str, name: str, known: PlatformColumns, tmp_path: Path) -> None:
    text = f"{HEADER}2024-05-01,{name},1000,10,1.50\n"
    assert text in read_as(text.encode(page), tmp_path / "export.csv", known)


@pytest.mark.parametrize(
    "cell", ["1\xa0234,50", "€1234,50", "12,50 €", "£12,50", "“Sale” – Mother’s Day", "Acme® • 50\xa0%"]
)
def test_symbols_of_windows_are_read_without_a_question(cell: str, known: PlatformColumns, tmp_path: Path) -> None:
    text = f"Day;Campaign name;Impressions;Amount spent\n2024-05-01;Sale;1000;{cell}\n"
    assert read_as(text.encode("cp1252"), tmp_path / "export.csv", known) == [text]


@pytest.mark.parametrize("share", [2, 5])
def test_lines_of_two_encodings_can_be_read_each_in_its_own(share: int, known: PlatformColumns, tmp_path: Path) -> None:
    lines = [
        f"2024-05-{day:02},{name},1000,10,1.50\n" for day, name in enumerate(["Forêt", "Été", "Crème", "Où"] * 5, 1)
    ]
    parts = [line.encode("utf-8" if number % share else "cp1252") for number, line in enumerate(lines)]
    path = tmp_path / "export.csv"
    content = HEADER.encode() + b"".join(parts)
    assert (HEADER + "".join(lines)) in read_as(content, path, known)
    _, rows = read_export(path, known, encoding="utf-8+cp1252")
    assert [row[1] for row in rows] == ["Forêt", "Été", "Crème", "Où"] * 5


def test_two_possible_readings_are_both_shown(known: PlatformColumns, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(f"{HEADER}2024-05-01,Brand – Search,1000,10,1.50\n".encode("mac_roman"))
    with pytest.raises(FileRefusedError) as refused:
        read_export(path, known)
    assert refused.value.code == "encoding-unsure"
    assert "Western European (mac-roman): 'Brand – Search'" in refused.value.problem
    assert "Central European (cp1250): 'Brand Đ Search'" in refused.value.problem
    assert [answer.value for answer in refused.value.answers][:2] == ["mac-roman", "cp1250"]


def test_letters_that_come_after_hundreds_of_names_count_too(known: PlatformColumns, tmp_path: Path) -> None:
    rows = "".join(f"2024-05-01,Größe {number},1000,10,1.50\n" for number in range(400))
    text = f"{HEADER}{rows}2024-05-01,Wyprzedaż łóżek,1000,10,1.50\n2024-05-02,Święta,1000,10,1.50\n"
    assert text in read_as(text.encode("cp1250"), tmp_path / "export.csv", known)


def test_bytes_that_are_undefined_far_below_are_asked_for(known: PlatformColumns, tmp_path: Path) -> None:
    rows = "".join(
        f"2024-05-01,{name} {number},1000,10,1.50\n" for number, name in enumerate(["Обувь", "Женщины", "Скидки"] * 150)
    )
    path = tmp_path / "export.csv"
    path.write_bytes((HEADER + rows).encode("cp1251") + b"2024-05-01,\x98,1000,10,1.50\n")
    with pytest.raises(FileRefusedError, match="bytes that are undefined there") as refused:
        read_export(path, known)
    assert [answer.value for answer in refused.value.answers] == ["cp1251"]
    assert len(read_export(path, known, encoding="cp1251")[1]) == 451
