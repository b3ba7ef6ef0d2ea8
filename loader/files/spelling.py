"""How well text fits a language: words by the letters of its names in the Unicode CLDR, symbols by where they stand.

A wrong code page turns letters into letters of another language ('Śledzie', 'Œledzie') or into symbols within words
('Ni–os'). What that costs is the negative logarithm of a probability, so that readings of the same bytes compare.
"""

from __future__ import annotations

import functools
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_WORD = re.compile(rf"(?:[^\W\d_]|[{_MARKS}])+")
_TOKEN = re.compile("[0-9A-Za-z\u0080-\U0010ffff]*[\u0080-\U0010ffff][0-9A-Za-z\u0080-\U0010ffff]*")
# symbols by where they stand: before a word, behind one, within; others touch no letter
_BEFORE, _BEHIND, _WITHIN = "“‘«„¿¡€£¥「（【", "”’»…™®©²³°ºª€!」）】？！、。：；％", "’\xa0·・ー〜、。（）「」：！"
_ALONE = "–—•×½¼±§¶|"
_CJK = ("CJK", "HIRAGANA", "KATAKANA", "HALFWIDTH", "FULLWIDTH", "HANGUL", "KATAKANA-HIRAGANA", "IDEOGRAPHIC")
# costs: of a usual symbol, of another one, of one that touches letters where it never does, of a control character,
# of a capital within a word, of two scripts in one word, of a letter beside a digit,
# of a dash that touches letters
_USUAL, _OTHER, _TOUCHES, _CONTROL, _CAPITAL, _SCRIPTS, _DIGIT, _DASH = 3.0, 12.0, 12.0, 25.0, 7.0, 15.0, 6.0, 9.0
_UNDEFINED = 16.0
# of a word in another language than the rest
_FOREIGN = 4.0
_LEAST, _ALPHABET = 0.02, 120.0
# common words that the CLDR's names lack
_COMMON_WORDS = {
    "ca": "més això també però així què només tardor promoció",
    "cs": "že při už také děti dětské muže ženy slevy nové léto výprodej týden značka vyhledávání škola",
    "da": "på få også når år små køb mænd børn sommerudsalg forår efterår mærke søgning nyhed høst tøj",
    "de": "für über müssen können größe männer frühling schön außer straße küche möbel schuhe märz grün österreich",
    "es": "más año años niños niñas otoño qué está aquí también según mañana campaña promoción envío búsqueda",
    "et": "või kõik sügis mööbel naistele lastele meestele õues jõulud talv müük köök pühade üle",
    "fi": "että myös päivä kesä syksy kevät naisille miehille lapsille äiti öljy tänään hyvä löydä nyt",
    "fr": "où même très œuvre œuvres cœur sœur bœuf œuf vœux été déjà près après fête forêt soldés être noël "
          "rentrée prêt à élèves étudiants bébé mère père hôtel août",
    "hr": "što može više također djeca žene muškarci proljeće rasprodaja čizme ljeto sniženje",
    "hu": "és vagy még több női férfi gyerek nyár ősz tél tavasz akció vásár leárazás új könyvek cipő ruhák",
    "it": "più così è perché però già giù tè caffè città qualità libertà novità lunedì virtù può ragù",
    "lt": "ir už į iš nuo moterims vyrams vaikams vasara žiema rudenį pavasarį išpardavimas akcija prekės",
    "lv": "un vai no sievietēm vīriešiem bērniem vasara ziema rudens pavasaris izpārdošana mēbeles jaunā",
    "nb": "på få også når år små kjøp menn barn vår høst jul påske klær møbler søk merke nyhet",
    "nl": "één zoën ideeën reünie financiën patiënten coördinatie café crème privé",
    "pl": "się że też już dla męskie dziecięce damskie wyprzedaż święta książki jesień źródło łóżka młodzież żeby",
    "pt": "não mãe mães pão são promoção coleção verão até você também já crianças março prospecção conversões",
    "ro": "și şi să în că pentru toamnă vară iarnă bărbați copii reduceri mamă casă îmbrăcăminte fată",
    "sk": "že pri už tiež deti mužov ženy zľavy nové leto jeseň výpredaj týždeň značka šaty topánky kúpeľňa",
    "sl": "še že več otroci ženske moški razprodaja poletje zima jesen čevlji hiša",
    "sv": "på från också när år små köp män barn vår höst jul påsk kläder möbler återförsäljare nyhet sök",
    "tr": "için çok şimdi yeni çocuk kadın erkek yaz kış güneş indirim fırsat alışveriş öğrenci sağlık ürün",
    "vi": "và của cho giảm giá khuyến mãi thời trang nữ trẻ em mùa hè tết đồ chơi mới",
    "ja": "検索 靴 子供服 新商品 春夏秋冬 店舗 無料 限定 送料 割引 販売 男性 女性 広告",
    "ko": "검색 세일 신발 여성 남성 아동 여름 가을 겨울 봄 할인 무료 브랜드 신상품 주방 광고",
    "zh": "搜索 促销 鞋子 女装 男装 童装 厨房 新品 春夏秋冬季 免费 品牌 折扣 广告 特价",
    "zh_Hant": "搜尋 特賣 鞋子 女裝 男裝 童裝 廚房 新品 春夏秋冬季 免費 品牌 折扣 廣告 特價",
}  # fmt: skip


def tokens_of(cells: Iterable[str]) -> list[str]:
    """The words that are not ASCII, with the symbols and digits that touch them; digits as 0."""
    return [re.sub("[0-9]+", "0", token) for cell in cells for token in _TOKEN.findall(cell)]


def cost_of_marks(token: str) -> float:
    """What its symbols, its capitals within words and its mixture of scripts cost."""
    cost = 0.0
    scripts = set()
    for at, character in enumerate(token):
        before, after = token[at - 1 : at], token[at + 1 : at + 2]
        is_inside = character.isupper() and (before.islower() or (before.isupper() and after.islower()))
        if is_inside and not (before + character).isascii():
            cost += _CAPITAL
        if _WORD.fullmatch(character):
            scripts.add(_script(character))
            is_latin = not character.isascii() and _script(character) not in ("CJK", "")
            cost += _DIGIT if is_latin and (before == "0" or after == "0") else 0
        elif not character.isascii():
            cost += _cost_of_symbol(character, before, after)
    scripts.discard("")
    return cost + (_SCRIPTS if len(scripts) > 1 and not scripts <= {"LATIN", "CJK"} else 0)


def _cost_of_symbol(character: str, before: str, after: str) -> float:
    if character == "\ufffd" or unicodedata.category(character)[0] == "C":
        return _UNDEFINED if character == "\ufffd" else _CONTROL
    starts, ends = after.isalpha(), before.isalpha()
    allowed = _WITHIN if starts and ends else _BEFORE + _WITHIN if starts else _BEHIND + _WITHIN
    if (starts or ends) and character in "–—":
        return _DASH
    if starts or ends:
        is_usual = character in _BEFORE + _BEHIND + _WITHIN
        return (_USUAL if is_usual else _OTHER) + (0 if character in allowed else _TOUCHES)
    if character == "\xa0" or (character in "€£¥" and "0" in (before, after)):
        return 0.5
    return _USUAL if character in _BEFORE + _BEHIND + _WITHIN + _ALONE else _OTHER


@functools.cache
def _script(character: str) -> str:
    name = unicodedata.name(character, "?").split()[0] if unicodedata.category(character)[0] == "L" else ""
    return "CJK" if name in _CJK else name


def words_cost(cells: Sequence[str], languages: Sequence[str], likely: Mapping[str, float]) -> float:
    """What the words of the cells cost in the language that fits best; single ones may be of another, or English.

    Args:
        cells: some characters of them are not ASCII.
        languages: as the CLDR names them.
        likely: what speaks for a language beside these words.

    """
    costs: Counter[str] = Counter()
    for token in set(tokens_of(cells)):
        for word in _WORD.findall(token.lower()):
            each = {language: _letters(language).cost(word) for language in languages}
            least = min(each.values()) + _FOREIGN
            costs.update({language: min(cost, least) for language, cost in each.items()})
    for word in {word for cell in cells for word in re.findall("[a-z]{3,}", _TOKEN.sub(" ", cell).lower())}:
        english = _letters("en").cost(word)
        costs.update({language: min(_letters(language).cost(word), english) for language in languages})
    return min(costs[language] - likely.get(language, 0.0) for language in languages)


@dataclass(frozen=True, eq=False)
class _Letters:
    """How often letters follow each other in the words of a language."""

    single: Mapping[str, int]
    pairs: Mapping[tuple[str, str], int]
    triples: Mapping[tuple[str, str, str], int]
    before: Mapping[tuple[str, ...], int]
    total: int

    @functools.lru_cache(1 << 16)  # noqa: B019 - there is one a language
    def cost(self, word: str) -> float:
        """The negative logarithm of the word's probability, each letter by the two before it."""
        cost = 0.0
        for first, second, third in _triples(word):
            alone = (self.single.get(third, 0) + _LEAST) / (self.total + _ALPHABET)
            pair = (self.pairs.get((second, third), 0) + 5 * alone) / (self.before.get((second,), 0) + 5)
            triple = (self.triples.get((first, second, third), 0) + 3 * pair) / (
                self.before.get((first, second), 0) + 3
            )
            cost -= math.log(triple)
        return cost


def _triples(word: str) -> Iterator[tuple[str, str, str]]:
    padded = f"^^{word}$"
    return zip(padded, padded[1:], padded[2:], strict=False)


@functools.cache
def _letters(language: str) -> _Letters:
    """The letters of the words for territories, languages, currencies, months, days and cities."""
    from babel import Locale  # noqa: PLC0415 - needed for files that are not UTF-8 alone

    locale = Locale.parse(language)
    names = (
        *(locale.territories, locale.languages, locale.scripts, locale.variants, locale.currencies),
        *(locale.months, locale.days, locale.quarters, locale.time_zones, locale.meta_zones),
        locale.unit_display_names,
    )
    texts = (*_texts(names), _COMMON_WORDS.get(language, ""))
    words = {word for text in texts for word in _WORD.findall(unicodedata.normalize("NFC", text).lower())}
    triples = Counter(triple for word in words for triple in _triples(word))
    single: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    before: Counter[tuple[str, ...]] = Counter()
    for (first, second, third), count in triples.items():
        single[third] += count
        pairs[second, third] += count
        before[(second,)] += count
        before[first, second] += count
    return _Letters(single, pairs, triples, before, triples.total())


def _texts(names: object) -> Iterator[str]:
    """All texts in mappings of mappings."""
    if isinstance(names, str):
        yield names
    elif isinstance(names, Mapping):
        for value in names.values():
            yield from _texts(value)
    elif isinstance(names, Iterable):
        for value in names:
            yield from _texts(value)
