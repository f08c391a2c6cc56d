"""Invented topics of Discourse in its layouts and several languages, as browsers and renderers print them."""

import pytest

from pipeline.segment import UNKNOWN
from tests.printed_pages import Site, kinds_of, plain, read_together, reordered, text_of

SITE = Site("topics", ("crlf", "decomposed", "more_blank_lines"))
# what the pages' posts say of themselves: who, by which handle, and when
SAID = {
    "crawler_de_rendered": [
        ("mehlwurm", None, "3. Februar 2023 um 18:01"),
        ("Olga Rohr", "Ofen.Rohr", "3. Februar 2023 um 19:22"),
        ("mehlwurm", None, "4. Februar 2023 um 07:05"),
        ("system", None, "4. Mai 2023 um 07:05"),
    ],
    "crawler_hu": [
        ("takacs", None, "2023. február 3., 18:01"),
        ("Kis Anna", "vetelo", "2023. február 4., 9:12"),
    ],
    "crawler_ja_rendered": [
        ("orihime", None, "2023 年 2 月 3 日午後 6:01"),
        ("hikoboshi", None, "2023 年 2 月 4 日午前 9:12"),
    ],
    "crawler_nl_rendered": [("spoel.9", None, "3 februari 2023 om 18:01")],
    "crawler_pl": [
        ("tkaczka", None, "3 lutego 2023 18:01"),
        ("czolenko", None, "4 lutego 2023 09:12"),
        ("tkaczka", None, "5 lutego 2023 07:05"),
    ],
    "crawler_ru_rendered": [
        ("Иван Т.", "tkach", "03.Февраль.2023 18:01:00"),
        ("chelnok", None, "04.Февраль.2023 08:11:00"),
    ],
    "crawler_zh_rendered": [
        ("小织女", None, "2023 年2 月 3 日 18:01"),
        ("老王", "laowang", "2023 年2 月 3 日 19:30"),
    ],
    "lines_fr": [
        ("farine_t80", None, "3 Février 2023, 18:01"),
        ("Odile du Moulin", "four.a.bois", "3 Février 2023, 19:22"),
        ("farine_t80", None, "4 Février 2023, 07:05"),
    ],
    "old_en_rendered": [
        ("Joseph M. Jacquard", "jacquard", "2016-03-05 07:38:30 UTC"),
        ("ada_l", None, "2016-03-05 09:11:02 UTC"),
    ],
    "shown_en_rendered": [
        ("weft-12", None, "Feb 1"),
        ("heddle", None, "Feb 1"),
        ("shuttle_cock", None, "Feb 3"),
    ],
    "shown_pt": [
        ("weft-12", None, "1 de fev."),
        ("heddle", None, "2 de fev."),
        ("Ana Maria", "shuttle_cock", "14 d"),
    ],
    "shown_zh": [("小织女", None, "2 天"), ("老王", None, "1 天"), ("小织女", None, "5 小时")],
}
FIELDS = ("author", "handle", "published_raw")


@pytest.mark.parametrize("name", SITE.names)
def test_posts_are_told_from_what_surrounds_them(name):
    seen = SITE.score(name)
    assert seen["kind"] == "discourse_topic"
    assert (seen["rec"], seen["body"], seen["chrome"]) == (1, 1, 1)


@pytest.mark.parametrize("name", SITE.names)
def test_who_wrote_and_when_are_told(name):
    assert SITE.records(name).select(FIELDS).rows() == SAID[name]


@pytest.mark.parametrize(("name", "change"), SITE.prints)
def test_another_print_of_a_page_gives_the_same_records(name, change):
    assert plain(SITE.printed()[name, change]) == plain(SITE.records(name))


@pytest.mark.parametrize("name", ["crawler_de_rendered", "crawler_pl", "lines_fr"])
def test_posts_in_another_order_are_the_same(name):
    last = len(SAID[name]) - 1
    order = [*reversed(range(last)), last]
    [again] = read_together([text_of(reordered(SITE.lines(name), order))])
    seen = SITE.records(name).select(*FIELDS, "text").rows()
    assert again.select(*FIELDS, "text").rows() == [seen[i] for i in order]


@pytest.mark.parametrize(
    "page",
    [
        "Index of /looms\nweft.zip 2021-03-04 12:34 512\nwarp.zip 2021-03-05 12:34 7\nPowered by nothing\n",
        "On Discourse\nada\n3 d\nIt is what talk is called.\nmary\n4 d\n3 Likes\nIndeed.\n"
        + "It went on.\n" * 12,
        "Looms\nTopic Replies Views Activity\nWhich yarn? 9 874 Feb 3\nWhich loom? 3 12 Jan 28\nPowered by Discourse\n",
        "weft\n2021-03-04 12:34\n1\nIt weaves.\nwarp\n2021-03-05 12:34\n2\nSo it does.\n",
        "ada wrote on 4 Mar 2021, 12:34 #1\nIt weaves.\nOffline\nMary Holt wrote on 4 Mar 2021, 13:01 #2\nSo it does.\n"
        "Offline\nada wrote on 5 Mar 2021, 09:10 #3\nIt may be.\n",
    ],
    ids=[
        *("a listing of files", "talk of Discourse", "a list of topics", "another forum"),
        "one that says more before the moment",
    ],
)
def test_other_pages_are_not_taken(page):
    assert kinds_of([page]) == [UNKNOWN]
