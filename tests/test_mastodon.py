"""Invented pages of Mastodon, of several versions and languages, as browsers and renderers print them."""

import pytest

from pipeline.segment import UNKNOWN
from tests.printed_pages import Site, kinds_of, plain, read_together, reordered, text_of

SITE = Site("microblogs", ("crlf", "decomposed", "more_blank_lines", "no_break_spaces"))
# of the first post of a page that another wrote than the one above: who, from where, and when
SAID = {
    "app_profile_ja": ("森の粉", "kona@usu.example", "2日"),
    "app_profile_sv": ("Greta Pendel", "greta@torn.example", "3 tim"),
    "app_thread_fr": ("Le Bigouden", "bigouden@port.example", "12 oct. 2023, 14:02"),
    "app_thread_ru": ("Дед Прохор", "prohor@dacha.example", "20 нояб. 2022 г., 14:05"),
    "fork_en": ("Mary Plum", "mary@engine.example", "5h"),
    "redesign_pl": ("Pan Gwóźdź", "gwozdz@mlotek.example", "1 dzień"),
    "server_profile_es": ("Paco Rastrillo", "paco@azada.example", "10 may. 2020 21:47"),
    "server_status_de": ("Kruste 🥖", "kruste@brot.example", "14. Nov 2021, 10:31"),
    "tag_ar": ("فرن الحي", "furn_alhay@hay.example", "12 أكتوبر 2023"),
}


@pytest.mark.parametrize("name", SITE.names)
def test_posts_are_told_from_what_surrounds_them(name):
    seen = SITE.score(name)
    assert seen["kind"] == "mastodon_thread"
    assert (seen["rec"], seen["body"]) == (1, 1)
    assert seen["chrome"] > 0.88  # a line with both a warning and its button counts as either


@pytest.mark.parametrize("name", SITE.names)
def test_who_wrote_and_when_are_told(name):
    records = plain(SITE.records(name), ("kind", "author", "handle", "published_raw"))
    is_profile = "_profile_" in name
    assert [kind for kind, *_ in records] == ["profile"] * is_profile + ["post"] * (len(records) - is_profile)
    posts = [row for row in records if row[0] == "post"]
    other = next(row for row, upper in zip(posts[1:], posts, strict=False) if row[1] != upper[1])
    assert other[1:] == SAID[name]
    assert all(author and handle and date for _, author, handle, date in posts)


@pytest.mark.parametrize(("name", "change"), SITE.prints)
def test_another_print_of_a_page_gives_the_same_records(name, change):
    assert plain(SITE.printed()[name, change]) == plain(SITE.records(name))


@pytest.mark.parametrize(
    "name", ["app_profile_sv", "app_thread_fr", "app_thread_ru", "server_profile_es", "tag_ar"]
)
def test_posts_in_another_order_are_the_same(name):
    seen = plain(SITE.records(name))
    *first, third_last, second_last, last = range(len(seen))
    order = [*first, second_last, third_last, last]
    [again] = read_together([text_of(reordered(SITE.lines(name), order))])
    assert plain(again) == [seen[i] for i in order]


def test_a_number_is_the_post_s_own_where_a_page_prints_none_below_posts():
    heads = [f"{i}h\nAda Lovelace\n@ada@loom.example\nCards: {i} of them.\n" for i in range(3, 8)]
    heads[1] += "42\nThat is all.\n"
    heads[3] += "Ada Lovelace boosted\n"
    [records] = read_together(["#looms\n" + "".join(heads)])
    assert records["text"][1].split() == ["Cards:", "4", "of", "them.", "42", "That", "is", "all."]
    assert records["text"][3] == "Cards: 6 of them."


def test_pages_that_only_print_addresses_are_not_of_it():
    talk = "The fediverse\n\nWrite to Ada @ada@loom.example\non Nov 7, 2022\nBob\n@bob\nMary\n@mary@mill.example\n"
    short = "Ada @ada\n3h\nLooms weave.\n\nBob @bob\n5h\nEngines weave.\n"  # another service has no servers
    assert kinds_of([talk, short]) == [UNKNOWN, UNKNOWN]


def test_misskey_parts_a_user_from_the_host_and_ends_posts_with_reactions():
    hosts, heads = ("", " @mill.example"), ("", "    Maryがリノート18分前\n")
    posts = [
        f"{heads[i % 3 == 2]}    Ada{i}\n    @ada{i}{hosts[i % 2]}\n    {i}分前\n      Cards: 👍 {i} of them.\n"
        f"      * one ({i}%)\n    👍 {i} :looms_turn: 11 ❤️ 6\n\n"
        for i in range(3, 9)
    ]
    [records] = read_together(["  Looms\n" + "".join(posts) + "  もっと\n    #looms 8人が投稿\n"])
    assert records["author"].to_list() == [f"Ada{i}" for i in range(3, 9)]
    assert records["published_raw"].to_list() == [f"{i}分前" for i in range(3, 9)]
    assert [text.split() for text in records["text"]] == [
        ["Cards:", "👍", f"{i}", "of", "them.", "*", "one", f"({i}%)"] for i in range(3, 9)
    ]
