"""Pages of one article in several scripts, invented: their words are told from the site's."""

import re
import textwrap
import unicodedata

import numpy as np
import polars as pl
import pytest

from pipeline import laws, segment
from pipeline.article import own_words, read
from pipeline.article.characters import count
from pipeline.article.features import features
from pipeline.article.model import ask, forest, forest_of
from pipeline.article.passages import Rows
from pipeline.article.regions import passages
from pipeline.article.wrapping import unwrap
from pipeline.grammar import BODY, HEADER, Grammar, Mark
from pipeline.ingest import read_lines
from pipeline.segment.marks import mark_lines
from pipeline.segment.readers import Reading, choose

NAV = {
    "en": ["Home", "News", "Sport", "Weather", "Shop", "Log in", "Subscribe"],
    "ru": ["Главная", "Новости", "Спорт", "Погода", "Магазин", "Войти"],
    "ar": ["الرئيسية", "أخبار", "رياضة", "الطقس", "المتجر", "دخول"],
    "zh": ["首页", "新闻", "体育", "天气", "商店", "登录"],
    "th": ["หน้าแรก", "ข่าว", "กีฬา", "อากาศ", "ร้านค้า", "เข้าสู่ระบบ"],
    "hi": ["मुखपृष्ठ", "समाचार", "खेल", "मौसम", "दुकान", "लॉग इन"],
}
TITLE = {
    "en": "A village rebuilds its water mill",
    "ru": "Деревня восстанавливает водяную мельницу",
    "ar": "قرية تعيد بناء طاحونة الماء القديمة",
    "zh": "村民重建古老的水磨坊",
    "th": "หมู่บ้านสร้างกังหันน้ำขึ้นใหม่",
    "hi": "गाँव ने अपनी पनचक्की फिर से बनाई",
}
WORDS = {
    "en": "The village rebuilt the water mill that a flood had carried away, and the miller says that the wheel,"
    " which is made of oak, turns as it did before. Neighbours brought stone; their children painted it.",
    "ru": "Деревня восстановила водяную мельницу, которую унесло наводнение, и мельник говорит, что колесо из дуба"
    " крутится так же, как раньше. Соседи привезли камень из старого карьера, а дети покрасили двери и окна.",
    "ar": "أعادت القرية بناء طاحونة الماء التي جرفها الفيضان، ويقول الطحان إن العجلة المصنوعة من خشب البلوط تدور كما"
    " كانت تدور من قبل."
    " وأحضر الجيران الحجارة من المقلع القديم، ثم طلى الأطفال الأبواب والنوافذ بألوان زاهية.",
    "zh": "村民重建了被洪水冲走的水磨坊，磨坊主说，用橡木做成的水轮像从前一样转动。邻居们从老采石场"
    "运来石头，孩子们给门窗刷上了漆。村长表示，明年春天还要修好通往磨坊的小路，让更多的人来参观这座古老的建筑。",
    "th": "ชาวบ้านช่วยกันสร้างกังหันน้ำที่ถูกน้ำท่วมพัดหายไปขึ้นมาใหม่"
    " เจ้าของโรงสีบอกว่าวงล้อที่ทำจากไม้โอ๊กหมุนได้เหมือนเมื่อก่อน"
    " เพื่อนบ้านขนหินมาจากเหมืองเก่า ส่วนเด็กๆ ช่วยกันทาสีประตูและหน้าต่าง",
    "hi": "गाँव ने वह पनचक्की फिर से बना ली है जिसे बाढ़ बहा ले गई थी, और चक्कीवाला कहता है कि बलूत की लकड़ी का पहिया पहले की तरह"
    " घूमता है। पड़ोसी पुरानी खदान से पत्थर लाए, और बच्चों ने दरवाज़ों और खिड़कियों को रंग दिया।",
}


def page(code: str, indent: str = "  ", gap: str = "\n\n") -> tuple[str, list[str]]:
    """Return a page of a language and its paragraphs."""
    menu = [f"{indent * 2}* {word}" for word in NAV[code] * 2]
    own = [f"({i}) {WORDS[code]}" for i in range(1, 6)]
    below = [f"{indent * 3}* {TITLE[code]} {i}" for i in range(8)]
    foot = [f"{indent}© 2024", *(f"{indent}{word}" for word in NAV[code])]
    words = gap.join(f"{indent * 3}{paragraph}" for paragraph in own)
    head = f"{indent * 2}{TITLE[code]}{gap}{indent * 2}2024-05-17 10:42"
    blocks = ["\n".join(menu), head, words, "\n".join(below), "\n".join(foot)]
    return gap.join(blocks) + "\n", own


def lines_of(*texts: str) -> pl.DataFrame:
    return read_lines(pl.DataFrame({"text": texts}))


def read_page(text: str) -> segment.Pages:
    documents = pl.DataFrame(
        {"document_id": ["doc"], "text": [text], "license": [None], "license_evidence": [None]}
    )
    return segment.assemble(segment.label(read_lines(documents), readers=[read]), documents)


@pytest.mark.parametrize("code", list(WORDS))
@pytest.mark.parametrize(("indent", "gap"), [("  ", "\n\n"), ("", "\n\n"), ("  ", "\n"), ("", "\n")])
def test_words_are_told_from_the_site_in_any_script_and_layout(code: str, indent: str, gap: str) -> None:
    text, own = page(code, indent, gap)
    said = own_words(lines_of(text), 1)[0]
    assert [line for line in own if line not in said] == []
    assert [line for line in said.splitlines() if line not in own and line != TITLE[code]] == []


@pytest.mark.parametrize("code", list(WORDS))
def test_the_record_has_title_date_and_paragraphs(code: str) -> None:
    text, own = page(code)
    record = read_page(text).records.row(0, named=True)
    assert (record["kind"], record["page_kind"]) == ("article", "article")
    assert record["title"] == TITLE[code]
    assert record["published_raw"] == "2024-05-17 10:42"
    assert record["text"] == "\n\n".join(own)


@pytest.mark.parametrize("day", ["१७ मई २०२४", "17 พฤษภาคม 2567", "17. toukokuuta 2024", "١٧ مايو ٢٠٢٤"])
def test_a_line_that_is_a_date_in_any_language_gives_the_date(day: str) -> None:
    text, own = page("en")
    record = read_page(text.replace("2024-05-17 10:42", day)).records.row(0, named=True)
    assert (record["published_raw"], record["text"]) == (day, "\n\n".join(own))


def test_every_byte_is_accounted_for() -> None:
    text, _ = page("en")
    said = read_page(text).spans.sort("byte_start")
    assert (said["byte_start"][1:] >= said["byte_end"][:-1]).all()
    covered = b"".join(text.encode()[a:b] for a, b in said.select("byte_start", "byte_end").iter_rows())
    assert re.sub(rb"\s", b"", covered) == re.sub(rb"\s", b"", text.encode())


def test_a_page_of_links_alone_holds_no_article() -> None:
    links = "\n".join(f"  * {word} {i}" for i in range(30) for word in NAV["en"])
    assert list(read(lines_of(links))) == []


@pytest.mark.parametrize(
    ("line", "author", "day"),
    [
        ("Posted on 14 March 2023 by Ada Lovelace", "Ada Lovelace", "14 March 2023"),
        ("March 14, 2023 by Ada Lovelace", "Ada Lovelace", "March 14, 2023"),
        ("Veröffentlicht am 14. März 2023 von Ada Lovelace", "Ada Lovelace", "14. März 2023"),
        ("Publicado el 14 de marzo de 2023 por Ada Lovelace", "Ada Lovelace", "14 de marzo de 2023"),
        ("By Ada Lovelace on 14 March 2023", "Ada Lovelace", "14 March 2023"),
        ("By Ada Lovelace • 14 March 2023", "Ada Lovelace", "14 March 2023"),
        ("Von Ada Lovelace Erstellt am 14.03.23 um 08:35", "Ada Lovelace", "14.03.23 um 08:35"),
        ("28. Juni 201914. Januar 2020 | Ada Lovelace", "Ada Lovelace", "28. Juni 2019"),
        ("14 mars 2023 , 11:55 par Ada Lovelace", "Ada Lovelace", "14 mars 2023 , 11:55"),
        ("Ada Lovelace | mardi 14 mars 2023", "Ada Lovelace", "mardi 14 mars 2023"),
        ("* Ada Lovelace\n\n    * 14 March 2023", "Ada Lovelace", "14 March 2023"),
        ("dpa am 14.03.2023", "dpa", "14.03.2023"),
        ("Redaktion - 14. März 2023", "Redaktion", "14. März 2023"),
        ("Lyon, 14. März 2023", None, "14. März 2023"),
        ("Photo by Ada Lovelace\n\n    14 March 2023", None, "14 March 2023"),
        ("3 days ago", None, "3 days ago"),
        ("vor 3 Tagen\n\n    3 min", None, "vor 3 Tagen"),
    ],
)
def test_a_line_gives_who_and_when_whichever_is_first(line: str, author: str | None, day: str) -> None:
    text, _ = page("en")
    records = read_page(text.replace("2024-05-17 10:42", line)).records
    assert records.select("author", "published_raw").rows() == [(author, day)]


def test_a_byline_gives_the_author() -> None:
    text, _ = page("en")
    assert read_page(text.replace("2024-05-17", "By Ada de Lovelace, 2024-05-17")).records[
        "author"
    ].to_list() == ["Ada de Lovelace"]


@pytest.mark.parametrize(
    ("code", "line", "author"),
    [
        ("zh", "记者 王小明 北京报道", "王小明"),
        ("zh", "作者：李 伟".replace(" ", ""), "李伟"),
        ("zh", "文／陳美玲", "陳美玲"),
        ("zh", "文：佐々木健太郎 写真：林", "佐々木健太郎"),
        ("zh", "王小明 记者", "王小明"),
        ("zh", "배윤경 기자", "배윤경"),
        ("zh", "取材・文＝サラ・ミラー", "サラ・ミラー"),
        ("ru", "Автор: Анна Иванова", "Анна Иванова"),
        ("ru", "Текст: Пётр Ильин", "Пётр Ильин"),
        ("ar", "بقلم: سلمى حداد", "سلمى حداد"),
        ("hi", "लेखक: अनिता शर्मा", "अनिता शर्मा"),
    ],
)
def test_a_byline_gives_the_author_in_other_scripts(code: str, line: str, author: str) -> None:
    text, own = page(code)
    record = read_page(text.replace("2024-05-17 10:42", f"{line}\n\n    2024-05-17 10:42", 1)).records
    assert record["author"].to_list() == [author]
    assert record["text"].to_list() == ["\n\n".join(own)]


def test_what_is_said_of_a_document_depends_on_it_alone() -> None:
    texts = [page(code)[0] for code in WORDS]
    together = own_words(lines_of(*texts, *reversed(texts)), 12)
    alone = [own_words(lines_of(text), 1)[0] for text in texts]
    assert together == alone + alone[::-1]


@pytest.mark.parametrize(
    "rewrite", [lambda t: t.replace("\n", "\r\n"), lambda t: unicodedata.normalize("NFD", t)]
)
def test_line_ends_and_composition_change_nothing(rewrite) -> None:
    for code in WORDS:
        text, _ = page(code)
        said = own_words(lines_of(rewrite(text)), 1)[0]
        assert (
            said == unicodedata.normalize("NFD", own_words(lines_of(text), 1)[0])
            or said == own_words(lines_of(text), 1)[0]
        )


def wrapped(text: str, width: int) -> str:
    """Break lines as programs that show pages as text do."""
    broken = [
        textwrap.wrap(line.strip(), width, initial_indent=indent, subsequent_indent=indent) or [""]
        for line in text.split("\n")
        for indent in [" " * (len(line) - len(line.lstrip()))]
    ]
    return "\n".join(line for lines in broken for line in lines)


@pytest.mark.parametrize("width", [62, 72, 79, 100])
@pytest.mark.parametrize("code", ["en", "ru", "ar", "hi"])
def test_a_page_broken_to_a_width_is_read_as_the_whole_one(code: str, width: int) -> None:
    text, own = page(code)
    title = f"{TITLE[code]} & {TITLE[code]}"  # too long for most of these widths
    record = read_page(wrapped(text.replace(TITLE[code], title, 1), width)).records.row(0, named=True)
    assert record["title"] == title
    assert record["text"].replace("\n\n", "¶").replace("\n", " ") == "¶".join(own)


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    text, own = page("en")
    segments = read_page(wrapped(text, 60)).segments.filter(kind="paragraph")
    assert [text.replace("\n", " ") for text in segments["text"]] == own


def test_short_lines_that_were_not_broken_are_not_joined() -> None:
    text, _ = page("en", gap="\n")
    lines = lines_of(text, "\n".join(f"* {word}" for word in NAV["ru"]), "\n".join(NAV["zh"] * 9))
    whole, of_line = unwrap(lines)
    assert whole.equals(lines)
    assert of_line.tolist() == list(range(lines.height))


def test_what_stands_above_a_heading_of_the_first_words_is_kept() -> None:
    text, own = page("en")
    lede = "A short beginning, told before anything is said of mills."
    text = text.replace(f"      {own[0]}", f"      {lede}\n\n      What turns the wheel\n\n      {own[0]}")
    assert read_page(text).records["text"][0].startswith(f"{lede}\n\nWhat turns the wheel\n\n{own[0]}")


@pytest.mark.parametrize(("above", "below"), [("Dear Ada,", "Yours,\nCharles"), ("爱达：", "查尔斯")])
def test_a_letter_keeps_its_salutation_and_its_name(above: str, below: str) -> None:
    words = "\n\n".join(f"({i}) {WORDS['zh' if '：' in above else 'en']}" for i in range(3))
    text = f"{above}\n\n{words}\n\n{below}\n"
    assert read_page(text).records["text"].to_list() == [text.strip().replace("\nCharles", "\n\nCharles")]


def test_the_author_of_a_story_listed_below_is_not_the_pages() -> None:
    text, _ = page("en")
    listed = "      Most read\n      * Another story of the day\n      By Charles Babbage\n"
    record = read_page(text.replace("  © 2024", f"{listed}  © 2024")).records.row(0, named=True)
    assert record["author"] is None


@pytest.mark.parametrize(("n_told", "kind"), [(12, "article"), (0, "remarks")])
def test_a_surer_reading_that_leaves_the_article_out_is_not_taken(n_told: int, kind: str) -> None:
    told = [f"({i}) {WORDS['en']}" for i in range(n_told)]
    remarks = [f"Reader {i} wrote:\n{WORDS['en']} So says {i}." for i in range(8)]
    opening = Mark("head", r"^(?P<author>Reader \d+) wrote:$", HEADER, below=BODY, opens="comment")
    feed = Grammar(kind="remarks", knows=(), marks=(opening,))
    lines = lines_of("\n\n".join([TITLE["en"], *told, *remarks]))
    (chosen,) = choose(lines, [read, lambda _: [(0, feed, 0.99)]])
    assert chosen.grammar.kind == kind


def test_an_article_above_records_is_marked_as_if_it_were_the_only_one() -> None:
    told = [f"({i}) {WORDS['en']}" for i in range(12)]
    remarks = [f"Reader {i} wrote:\n{WORDS['en']} So says {i}." for i in range(8)]
    opening = Mark("head", r"^(?P<author>Reader \d+) wrote:$", HEADER, below=BODY, opens="comment")
    feed = Grammar(kind="remarks", knows=(), marks=(opening,))
    text = "\n\n".join([TITLE["en"], "By Ada Lovelace", "3 May 2026", *told, *remarks])
    lines = lines_of(text, f"News\n\n{text}")
    since = [page["text"].to_list().index("Reader 0 wrote:") for page in lines.partition_by("doc")]
    chosen = choose(lines, [read, lambda _: [(i, feed, 0.99, None, row) for i, row in enumerate(since)]])
    for reading, page in zip(chosen, lines.partition_by("doc"), strict=True):
        found, alone = reading.marked, mark_lines(page.with_columns(row=pl.col("n")), reading.made)
        assert found is not None
        names = {reading.made.marks[i].name for i in found.mark if i >= 0}
        assert names >= {"article: title on top", "article: writers", "article: day", "remarks: head"}
        assert found.mark.tolist() == alone.mark.tolist()
        own = [number for number in alone.groups if number in alone.mark]
        assert all(found.groups[i].drop("opening").equals(alone.groups[i].drop("opening")) for i in own)


def test_documents_of_one_grammar_are_marked_once_as_each_would_be_alone() -> None:
    told = [f"({i}) {WORDS['en']}" for i in range(6)]
    heads = [[TITLE["en"], f"By {name} Lovelace", "3 May 2026"] for name in ("Ada", "Bea", "Cleo")]
    chosen = choose(lines_of(*("\n\n".join([*head, *told]) for head in heads)), [read])
    first, _, last = chosen
    assert first.shared is not None
    assert all(one.shared is first.shared for one in chosen)
    both = first.shared.marked_together([0, 2])
    alone = [first.shared.marked(0), first.shared.marked(2)]
    n_first = len(alone[0].mark)
    assert both.mark.tolist() == [*alone[0].mark, *alone[1].mark]
    assert [both.mark[n_first:].tolist(), last.doc] == [first.shared.mark(2).tolist(), 2]
    for number, found in both.groups.items():
        parts = [
            one.groups[number].with_columns(pl.col("row", "opening") + i * n_first)
            for i, one in enumerate(alone)
        ]
        assert found.equals(pl.concat(parts))


def test_talk_is_not_taken_for_an_article() -> None:
    turns = [f"{name}: {WORDS['en']}" for name in ("Ada", "Bo")] * 4
    told = [f"{i} {WORDS['en']}" for i in range(8)]
    of_article, of_talk = (
        offer.confidence for offer in read(lines_of("\n\n".join(told), "\n\n".join(turns)))
    )
    assert of_talk <= 0.5 < of_article


def test_empty_and_blank_documents_are_read_as_nothing() -> None:
    assert list(read(lines_of("", "\n \n"))) == []
    assert own_words(lines_of("", "\n"), 2) == ["", ""]


def test_characters_are_counted_by_unicode_category() -> None:
    said = count(pl.Series(["Ab c, 12. Ω", "水磨坊。", "กังหัน", "é", "e\u0301"]))
    assert said["upper"].tolist() == [2, 0, 0, 0, 0]
    assert said["capitals"].tolist() == [2, 0, 0, 0, 0]
    assert said["wide"].tolist() == [0, 3, 0, 0, 0]
    assert said["unstopped"][2] > 0
    assert said["sentences"].tolist() == [1, 0, 0, 0, 0]
    assert said["lower"].tolist()[3:] == [1, 1]


def test_passages_are_worth_what_they_cost() -> None:
    rows = Rows(np.repeat([0, 1], [8, 3]))
    votes = np.array([-9, 9, 9, -2, 9, -30, 2, -9, 20, 20, -1.0])
    assert passages(votes, rows).tolist() == [
        False,
        True,
        True,
        True,
        True,
        False,
        False,
        False,
        True,
        True,
        False,
    ]


def test_windows_stay_in_their_document() -> None:
    rows = Rows(np.array([3, 3, 3, 7]))
    values = np.array([1.0, 2, 4, 8])
    assert rows.around(values, 1).tolist() == [3, 7, 6, 8]
    assert rows.away(values, 1).tolist() == [2, 4, 0, 0]
    assert rows.so_far(values).tolist() == [1, 3, 7, 8]
    assert rows.above(values == 2).tolist() == [-1, 1, 1, -1]
    assert rows.below(values == 2).tolist() == [1, 1, -1, -1]


def test_sums_are_those_of_a_document_alone_to_the_last_bit() -> None:
    values = np.random.default_rng(3).normal(0, 1, 60) ** 3
    alone, below = Rows(np.zeros(20)), Rows(np.repeat([0, 1], [40, 20]))
    assert below.so_far(values)[40:].tolist() == alone.so_far(values[40:]).tolist()
    assert below.around(values, 3)[40:].tolist() == alone.around(values[40:], 3).tolist()


def test_trees_know_every_feature_and_the_other_way_round() -> None:
    assert list(features(lines_of("One line."))) == list(forest().means)


def test_a_menu_above_the_first_sentence_of_a_small_page_is_none_of_its_words():
    menu = [
        "Storm closes the coast road",
        "2 hours ago",
        "Council votes on bins",
        "3 hours ago",
        "Crew honoured",
    ]
    words = [
        "The looms of the old mill began to turn again on Friday, forty years after the doors were locked.",
        "A group of former workers had spent six winters mending what the damp had spoiled, for no wages.",
        "The first cloth will be sold at the summer fair, and then they will see who wants to buy it.",
    ]
    title = "Weavers reopen the old mill after forty years"
    lines = lines_of("\n".join(["Home", "News", *menu, title, *words, "About us"]))
    assert not {*menu} & {*own_words(lines, 1)[0].splitlines()}


def test_a_tree_adds_the_leaf_that_its_questions_lead_to() -> None:
    asked = {"features": [1, 0], "borders": [0.5, 2.0], "leaves": [1000, 2000, 3000, 4000]}
    grown = forest_of({"means": {"size": 3.0, "stop": 0.0}, "bias": 0.25, "trees": [asked, asked]})
    said = {"size": np.array([1.0, 9.0, 2.0, np.nan]), "stop": np.array([1, 1, 0, 0])}
    assert ask(said, grown).tolist() == [4.25, 8.25, 2.25, 6.25]


def test_a_paragraph_set_as_the_words_are_is_one_of_them_though_teasers_stand_between():
    paragraph = (
        "The wheel was built of oak by two carpenters, who had never made one before, and it turned at once."
    )
    teaser = (
        "      By Ada Stone\n          * How the mill was lost, and who paid for it in the end, and why\n"
    )
    words = "\n\n".join(
        f"    {paragraph} {n} stones lie below it." for n in ("Six", "Ten", "Two", "Nine", "Four")
    )
    last = "    The miller has kept the old one in the yard, where the children climb about on it all summer."
    page = (
        f"Home\nNews\n  A mill turns again\n\n{words}\n\n{teaser * 4}\n{last}\n\n"
        + "  * Sport\n  * Shop\n" * 9
    )
    assert "kept the old one" in own_words(read_lines(pl.DataFrame({"text": [page]})), 1)[0]


def test_what_a_page_says_twice_at_the_end_is_a_plea():
    paragraph = (
        "The wheel was built of oak by two carpenters, who had never made one before, and it turned at once."
    )
    words = "\n\n".join(
        f"{paragraph} {n} stones lie below it." for n in ("Six", "Ten", "Two", "Nine", "Four")
    )
    plea = "We send this letter about once a week, and whoever has had enough of it can leave it again at any time."
    page = f"Home\nNews\n\nA mill turns again\n\n{words}\n\n{plea}\n\n" + "Sport\nShop\n" * 9 + f"\n{plea}\n"
    said = own_words(read_lines(pl.DataFrame({"text": [page]})), 1)[0]
    assert "Four stones" in said
    assert "once a week" not in said


@pytest.mark.parametrize(
    "caption",
    [
        "PHOTOGRAPH COURTESY OF THE MILL",
        "The wheel in the spring of last year, before the flood. Photo: Ada Lovelace",
        "Das Rad im Frühjahr (Foto: Mühlenverein)",
        "Рабочие у колеса. Фото: Мельница",
        "지난봄 물레방아를 고치는 이웃들. [사진 출처 = 물레방아 마을]",
        "写真：水車の会",
        "© Mill and Wheel",
    ],
)
def test_a_caption_among_the_words_is_a_segment_of_its_own(caption: str) -> None:
    text, paragraphs = page("en")
    text = text.replace(paragraphs[1], f"{caption}\n\n  {paragraphs[1]}")
    segments = read_page(text).segments
    assert segments.filter(kind="caption")["text"].to_list() == [caption]
    assert [one for one in segments.filter(kind="paragraph")["text"] if one in paragraphs] == paragraphs


@pytest.mark.parametrize(
    "line",
    [
        "The photo shows the wheel as it was.",
        "She took a picture: it was dark.",
        "Photos of it were lost (as most were).",
    ],
)
def test_a_sentence_that_speaks_of_a_picture_is_no_caption(line: str) -> None:
    text, paragraphs = page("en")
    segments = read_page(text.replace(paragraphs[1], f"{line}\n\n  {paragraphs[1]}")).segments
    assert segments.filter(kind="caption").is_empty()


ASIDES = {
    "en": ("Advertisement", "Read also: A bridge for otters", "Tags: mills, water"),
    "ru": ("Реклама", "Читайте также: Мост для выдр", "Теги: мельницы, вода"),
    "ar": ("إعلان", "اقرأ أيضا: جسر لثعالب الماء", "كلمات مفتاحية"),
    "zh": ("广告", "延伸阅读：给水獭修的桥", "相关新闻"),
    "th": ("โฆษณา", "อ่านเพิ่มเติม: สะพานสำหรับนาก", "แท็กที่เกี่ยวข้อง"),
    "hi": ("विज्ञापन", "यह भी पढ़ें: ऊदबिलावों के लिए पुल", "संबंधित ख़बरें"),
}


@pytest.mark.parametrize("code", NAV)
def test_what_a_site_prints_between_the_words_and_below_them_is_told_by_its_words(code: str) -> None:
    text, own = page(code)
    ad, lead, end = ASIDES[code]
    brief = "And so, they say, it turns again."
    told = text.replace(own[1], f"{own[1]}\n\n      {ad}").replace(own[2], f"{own[2]}\n\n      {lead}")
    told = told.replace(own[4], f"{own[4]}\n\n      {brief}\n\n      {end}")
    words = read_page(told).records["text"].to_list()[0]
    assert all(paragraph in words for paragraph in (*own, brief))
    assert not any(aside in words for aside in ASIDES[code])


STANDFIRST = "The wheel turns again, and with it the talk about who should pay for the road."


@pytest.mark.parametrize(
    ("above", "author"),
    [
        (f"{TITLE['en']}\n\n{STANDFIRST}\n\nAda Mill\n\n17 May 2024\n\nShare", "Ada Mill"),
        (f"{TITLE['en']}\n\n17 May 2024\n\nAda Mill, a reporter\n\n3 min read\n\n{STANDFIRST}", "Ada Mill"),
        (f"News Village {TITLE['en']}\n\n{TITLE['en']}\n\n{STANDFIRST}\n\n17 May 2024", None),
        (f"{TITLE['en']}\n\n{STANDFIRST}\n\nAda Mill — 17 May 2024", "Ada Mill"),
    ],
)
def test_title_standfirst_author_and_date_are_told_in_any_order(above: str, author: str | None) -> None:
    text, own = page("en")
    record = read_page(text.replace(f"    {TITLE['en']}\n\n    2024-05-17 10:42", above)).records.row(
        0, named=True
    )
    assert (record["title"], record["author"]) == (TITLE["en"], author)
    assert "17 May 2024" in record["published_raw"]
    assert record["text"] == "\n\n".join([STANDFIRST, *own])


PROSE = (
    "The looms of Lyon weave flowers and leaves by cards, laced in a row, which tell every thread where to go.\n\n"
    "A weaver who has learnt to read them tells the pattern from the holes, long before the cloth is on the beam.\n\n"
    "Nobody knows any more who punched the first of them, and the mill has burnt down twice since that winter.\n"
)


def test_the_title_of_an_article_is_sought_in_its_own_document():
    page = f"Ada at home: The looms of Lyon and the weavers\n\nBy Ada Byron\n\n3 May 1843\n\n{PROSE}"
    other = "The looms of Lyon and the weavers\n"
    (alone,) = laws.readings(laws.documents_of([page]))
    assert alone.pages.records["title"].to_list() == ["Ada at home: The looms of Lyon and the weavers"]
    for texts in ([page, other], [other, page]):
        read = laws.readings(laws.documents_of(texts))[texts.index(page)]
        assert read.pages.records["title"].to_list() == alone.pages.records["title"].to_list()
        assert read.gutter == alone.gutter


def test_an_article_with_headings_above_a_box_for_readers_is_no_list_of_entries():
    headings, words = (
        ("How they weave", "Who reads the cards", "What burnt down"),
        PROSE.strip().split("\n\n"),
    )
    parts = "\n\n".join(f"{heading}\n\n{said}" for heading, said in zip(headings, words, strict=True))
    parts += f"\n\nWhat is left\n\n{words[0]}"
    page = f"The looms of Lyon\n\nBy Ada Byron\n\n3 May 1843\n\n{words[1]}\n\n{parts}\n\nUnsubscribe at any time\n"
    (read,) = laws.readings(laws.documents_of([page]))
    assert read.pages.records["kind"].to_list() == ["article"]


@pytest.mark.parametrize("bullet", ["", "* "])
@pytest.mark.parametrize("label", ["Ingredients", "Zutaten", "Składniki"])
def test_ingredients_are_words_above_how_they_are_used(label: str, bullet: str) -> None:
    amounts = ["250 g flour", "a little salt", "2 eggs", "1 pinch of nutmeg", "50 ml milk", "some oil"]
    text, own = page("en", indent="")
    listed = [label, *(f"{bullet}{amount}" for amount in amounts), "Method"]
    (said,) = own_words(lines_of(text.replace(own[0], "\n\n".join([*listed, own[0]]))), 1)
    assert [line for line in said.splitlines() if line in listed] == listed


@pytest.mark.parametrize(
    "note",
    [
        "We use cookies so that you find what you look for. By going on you agree to it; you may say no at any time.",
        "Diese Seite braucht JavaScript, um alles zu zeigen. Bitte schalten Sie es ein und laden Sie die Seite neu.",
    ],
)
def test_what_a_site_says_of_cookies_is_told_by_where_it_stands(note: str) -> None:
    text, own = page("en", indent="")
    (above,) = own_words(lines_of(f"{note}\n\n{text}"), 1)
    (among,) = own_words(lines_of(text.replace(own[2], f"{own[2]}\n\n{note}")), 1)
    assert note not in above
    assert note in among


@pytest.mark.parametrize(
    ("printed", "author", "date"),
    [
        ("Von Ada Kern und Bo Lind", "Ada Kern und Bo Lind", None),
        ("By Ada Kern, Bo Lind and Cy Marsh", "Ada Kern, Bo Lind and Cy Marsh", None),
        ("von Ada van der Kern Veröffentlicht am 3. Mai 2021", "Ada van der Kern", "3. Mai 2021"),
        ("von Ada Kern13.12.2022 - 08:13 Uhr", "Ada Kern", "13.12.2022 - 08:13 Uhr"),
        ("Veröffentlicht: 05.01.2020 | Autor: millrat | Abgelegt unter: Mühlen", "millrat", "05.01.2020"),
        ("Posted in Mills by millrat on August 3, 2019", "millrat", "August 3, 2019"),
        ("Ada Kern, 01. Dez. 2017, 12:01 Uhr 3 Kommentare", "Ada Kern", "01. Dez. 2017, 12:01 Uhr"),
        ("28. Jan. 2022 Ada Kern", "Ada Kern", "28. Jan. 2022"),
        ("MillRat 17.10.2019", "MillRat", "17.10.2019"),
        ("Aktuelle Meldung 28. Jan. 2022", None, "28. Jan. 2022"),
        ("1. November 20161. November 2016 Ada Kern", "Ada Kern", "1. November 2016"),
        ("Publicado el 03/05/2022 a las 22h03", None, "03/05/2022 a las 22h03"),
        ("Autor:\n  Redaktion der Mühle", "Redaktion der Mühle", None),
        ("AK Ada Kern 3 May 2021", "Ada Kern", "3 May 2021"),
        ("EU Ada Kern 3 May 2021", None, "3 May 2021"),
        ("Vložila Ada Kernová v 10:20", "Ada Kernová", None),
        ("Updated: 5 May 2021\n  3 May 2021", None, "3 May 2021"),
        ("Päivitetty 5.5.2021", None, "5.5.2021"),
        ("2021 m. gegužės 3 d., 10:20", None, "2021 m. gegužės 3 d., 10:20"),
        ("Kern Ada 2021. május 3., hétfő 10:20", "Kern Ada", "2021. május 3., hétfő 10:20"),
        ("3 tháng 12, 2021 | 120 views", None, "3 tháng 12, 2021"),
        ("3 كانون الأول 2021 | 120 views", None, "3 كانون الأول 2021"),
        ("2021年5月3日 10時20分 | 120 views", None, "2021年5月3日 10時20分"),
        ("Ada Kern · Follow\n  3 May 2021", "Ada Kern", "3 May 2021"),
        ("De Ada Kern - mai 3, 2021", "Ada Kern", "mai 3, 2021"),
        ("Ada Kern, 3. 5. 2021 7:15", "Ada Kern", "3. 5. 2021 7:15"),
        ("كتب: سلمى حداد الأحد 2 مايو 2021 - 07:45 ص", "سلمى حداد", "الأحد 2 مايو 2021 - 07:45 ص"),
    ],
)
def test_a_line_below_the_title_says_who_wrote_and_when(
    printed: str, author: str | None, date: str | None
) -> None:
    text, _ = page("en")
    record = read_page(text.replace("2024-05-17 10:42", printed)).records.row(0, named=True)
    assert (record["author"], record["published_raw"]) == (author, date)


@pytest.mark.parametrize(("n_comments", "is_alone"), [(0, True), (30, False)])
@pytest.mark.parametrize("when", ["{} May 2024 at 10:42", "{} hours ago", ""])
def test_an_article_is_alone_on_its_page_unless_people_answer_it(
    n_comments: int, is_alone: bool, when: str
) -> None:
    sections = ("today", "archive", "in brief", "abroad", "at home", "for children")
    menu = "\n".join(f"* {word} {section}" for word in NAV["en"] for section in sections)
    openings = ("Once", "Since then", "Last spring", "Later", "At night", "Today")
    paragraphs = [f"{opening}, {WORDS['en'][i:]} {WORDS['en']}" for i, opening in enumerate(openings)]
    comments = [f"Weaver{i}\n{when.format(i + 1)}\n\nI saw it turn, {i}.\n\nReply" for i in range(n_comments)]
    text = "\n\n".join([menu, TITLE["en"], "17 May 2024", *paragraphs, *comments, menu, "© 2024", *NAV["en"]])
    assert [offer.is_alone for offer in read(lines_of(text))] == [is_alone]


def test_readers_that_are_preferred_are_told_which_articles_are_alone():
    made = Grammar(
        kind="article", knows=("^",), marks=(Mark("all", "^.*$", BODY, below=BODY, opens="article"),)
    )
    told = []

    def preferred(lines: pl.DataFrame) -> list[tuple]:
        told.extend(lines.filter("is_alone")["doc"].to_list())
        return []

    def articles(_: pl.DataFrame) -> list[Reading]:
        return [
            Reading(doc, made, sure, is_alone=is_alone)
            for doc, sure, is_alone in ((0, 0.9, True), (1, 0.4, True), (2, 0.9, False))
        ]

    choose(lines_of("Looms weave.", "Engines count.", "Mills turn."), [preferred, articles])
    assert told == [0]


MILL = (
    "The wheel was built of oak by two carpenters, who had never made one before, and it turned at once.",
    "Ten neighbours brought stone from the old quarry, and their children painted the doors and the windows blue.",
    "Since the flood nobody had ground corn in the valley, so that people drove to the town for their flour.",
    "The miller says that the river gives more water than he needs, even in a summer as dry as the last one.",
)


def article_above(below: str) -> str:
    """Return the own words of a page: an article whose last lines are given, with the site above and below."""
    words = "\n\n".join(f"    {paragraph}" for paragraph in MILL)
    site = "Tags:\n  * mills\n  * rivers\n\n" + "Home\nSport\nShop\n" * 5
    page = f"Home\nNews\nSport\n\n\n\n  A mill turns again\n\n{words}\n\n{below}\n\n{site}"
    return own_words(lines_of(page), 1)[0]


@pytest.mark.parametrize("label", ["Most popular", "Lo más leído", "Meistgelesen"])
def test_an_article_goes_on_below_a_box_of_others_that_is_set_in(label: str) -> None:
    box = (
        f"          {label}\n\n              * How the ferry was lost to the sea\n                By Ada Stone\n\n"
        "              * Nine bridges that nobody crosses\n                By Ben Wood\n\n"
    )
    last = (
        "    Whoever wants to see the wheel turn may come on any Sunday in June, and nothing is to be paid for it. The"
        " children of the upper village have promised to bake bread of the first flour, and to sell it on the bridge,"
        " where their grandparents sold theirs before the flood came and took the mill, the bridge and eleven cows."
    )
    said = article_above(box + last)
    assert "any Sunday" in said
    assert not {"bridges that nobody", "rivers"} & {*said.splitlines()}


def test_a_long_table_below_the_words_is_the_articles_to_its_end() -> None:
    rows = (
        "Diameter 4.2 m; Breadth 1.1 m; Buckets 36; Wood oak, larch; Built 2 years; Fall 3.4 m; Water 320 l/s;"
        " Turns 7 a minute; Power 8 kW; Stones 2; Flour 60 kg/h; Roof slate; Floors 3; Doors 5; Windows 19;"
        " Bridge wood; Weir stone; Yard gravel; Barn brick; Owner the village"
    )
    table = "\n".join("      " + row.strip().replace(" ", "   ", 1) for row in rows.split(";"))
    said = article_above(f"    The mill in figures\n\n{table}")
    assert "Owner   the village" in said
    assert "rivers" not in said


BESIDES = "      * List of mills\n      * The ferry of Lyon"
SOURCES = "\n".join(
    f"     {i}. ^ Stone, Ada ({1980 + i}). {name}. p. {9 * i}."
    for i, name in enumerate(("Mills", "Weirs"), 1)
)


@pytest.mark.parametrize(
    ("besides", "sources"),
    [("See also", "References"), ("Viz také", "Reference"), ("انظر أيضًا", "مراجع"), ("参见", "参考资料")],
)
def test_lists_of_sources_below_the_words_are_the_articles_each_below_its_heading(
    besides: str, sources: str
) -> None:
    said = article_above(f"    {besides}\n\n{BESIDES}\n\n    {sources}\n\n{SOURCES}")
    assert all(line.strip() in said for line in (*BESIDES.splitlines(), *SOURCES.splitlines()))
    assert "rivers" not in said
    assert "The ferry" not in article_above(f"    {besides}\n\n{BESIDES}")
