"""Invented pages of Reddit in its three layouts and several languages, as browsers and renderers print them."""

import pytest

from pipeline.segment import UNKNOWN
from tests.printed_pages import Site, kinds_of, plain, read_together, reordered, text_of

SITE = Site("threads", ("crlf", "decomposed", "more_blank_lines"))
# what the pages' posts and comments say of themselves: who, and when
SAID = {
    "old_de": ("ofenrohr", "vor 2 Jahren", "Mehlwurm_", "vor 2 Jahren"),
    "old_en_rendered": ("Mill_Wheel_9", "5 years ago", "crumbkeeper", "5 years ago"),
    "old_ja": ("mugi_no_ho", "3 年前", "kama_mori", "3 年前"),
    "redesign_en": ("third_floor_ann", "2 years ago", "waltz_hater", "2 yr. ago"),
    "redesign_pl": ("mruczek_1", "4 lata temu", "pani_z_parteru", "4 lata temu"),
    "shreddit_en": ("rung_by_rung", "3y ago", "top_step", "3y ago"),
    "shreddit_pt": ("Panela_Velha", "há 5 a", "tia_nena", "há 5 a"),
    "shreddit_fr_rendered": ("pelle_et_rateau", "il y a 2 ans", "lune_rousse", "il y a 2 ans"),
}


@pytest.mark.parametrize("name", SITE.names)
def test_posts_and_comments_are_told_from_what_surrounds_them(name):
    seen = SITE.score(name)
    assert seen["kind"] == "reddit_thread"
    assert (seen["rec"], seen["body"], seen["chrome"]) == (1, 1, 1)


@pytest.mark.parametrize("name", SITE.names)
def test_who_wrote_and_when_are_told(name):
    records = SITE.records(name)
    assert records["kind"].to_list() == ["post"] + ["comment"] * (len(records) - 1)
    said = tuple(records[field][i] for i in (0, 1) for field in ("author", "published_raw"))
    assert said == SAID[name]
    gone = [
        i
        for i, text in enumerate(records["text"])
        if text
        in ("[gelöscht]", "[removed]", "Comment deleted by user", "Comentário removido pela moderação")
    ]
    assert all(records["author"][i] is None for i in gone)


@pytest.mark.parametrize(("name", "change"), SITE.prints)
def test_another_print_of_a_page_gives_the_same_records(name, change):
    assert plain(SITE.printed()[name, change]) == plain(SITE.records(name))


@pytest.mark.parametrize(
    "name", ["old_de", "old_en_rendered", "old_ja", "redesign_en", "redesign_pl", "shreddit_en"]
)
def test_comments_in_another_order_are_the_same(name):
    lines = SITE.lines(name)
    starts = [i for i, line in enumerate(lines) if line.starts]
    shown = {line.text.lstrip("* ") for line in lines[: starts[-1]]}
    end = max(i for i, line in enumerate(lines) if line.role == "b") + 1
    while lines[end].text.lstrip("* ") in shown:  # its buttons are those of the comments above
        end += 1
    order = [0, *range(2, len(starts)), 1]
    [again] = read_together([text_of(reordered(lines, order, end))])
    fields = ("author", "published_raw", "text")
    seen = SITE.records(name).select(fields).rows()
    assert again.select(fields).rows() == [seen[i] for i in order]


def test_pages_that_only_speak_of_reddit_are_not_of_it():
    talk = (
        "r/looms\n\nShare on Reddit\n•\nhome\n[–] is how a comment on Reddit began.\n"
        "Reddit, Inc. said so 3 years ago.\nada\nAda\n"
    )
    assert kinds_of([talk]) == [UNKNOWN]


def test_a_board_that_looks_like_old_reddit_and_names_as_it_likes_is_not_of_it():
    names = ("Änne", "mehl_9", "Ömer vom Ofen", "kruste", "Çiçek", "Übelacker")
    board = "\n".join(
        f"[–] {name} 12 Punkte vor 2 Jahren\n\nDas Brot ist gut.\n\nantworten\n" for name in names
    )
    page = f"Brot\n\n{board}\nr/brot\n\nRegeln\n"
    of_reddit = page.replace("Ä", "A").replace("Ömer vom Ofen", "oe").replace("Ç", "C").replace("ç", "c")
    assert kinds_of([page]) == [UNKNOWN]
    assert kinds_of([of_reddit]) == ["reddit_thread"]
