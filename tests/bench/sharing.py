"""How many bytes of a second version stand in the first, after a small change?

    python tests/bench/sharing.py                    40,000 posts on 100 pages
    python tests/bench/sharing.py --pages 400        more

Pages of invented posts, from words of the seeds, go through the pipeline; then some are added or edited, and the
pipeline runs again. The tables are written as a release writes them, and measured as its diff does.
"""

import argparse
import random
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

HOME = Path(__file__).parents[2]
sys.path.insert(0, str(HOME))

from pipeline import language  # noqa: E402 - the project need not be installed; it sets Polars up
from pipeline.engine import local  # noqa: E402
from pipeline.engine.store import Store  # noqa: E402
from pipeline.release import parquet, sharing  # noqa: E402
from pipeline.release.arrange import arrange  # noqa: E402

Pages = dict[str, list[str]]
POSTS = 400  # on a page
ADDED = 0.025  # of the posts: a page more, or the share of a page's posts that are edited


def vocabulary() -> list[str]:
    """Return the words of the seeds, as often as they stand there."""
    texts = (path.read_text(encoding="utf-8") for path in sorted((HOME / "seeds").glob("*.txt")))
    return re.findall(r"[A-Za-z]{2,}", " ".join(texts))


def invent(n_pages: int, words: list[str], rng: random.Random) -> Pages:
    """Invent pages of posts."""
    return {
        f"site{number % 5}/page{number:05d}.txt": [post(words, rng) for _ in range(POSTS)]
        for number in range(n_pages)
    }


def post(words: list[str], rng: random.Random) -> str:
    """Invent a post of one to four paragraphs."""
    start = rng.randrange(len(words) - 400)
    sizes = [rng.randint(8, 60) for _ in range(rng.randint(1, 4))]
    return "\n\n".join(" ".join(rng.choices(words[start : start + 400], k=size)) for size in sizes)


def a_page_more(pages: Pages, words: list[str], rng: random.Random) -> Pages:
    """Add a page in the middle."""
    n_posts = round(ADDED * POSTS * len(pages))
    return pages | {"site2/page00050b.txt": [post(words, rng) for _ in range(n_posts)]}


def a_page_edited(pages: Pages, words: list[str], rng: random.Random) -> Pages:
    """Edit a fortieth of the posts of one page, here and there: all offsets after them move."""
    name = sorted(pages)[len(pages) // 2]
    edited = [f"{text} {rng.choice(words)}" if rng.random() < ADDED else text for text in pages[name]]
    return pages | {name: edited}


def a_site_edited(pages: Pages, words: list[str], rng: random.Random) -> Pages:
    """Edit a fortieth of all posts, those of some pages of one site, a word in each."""
    names = [name for name in sorted(pages) if name.startswith("site3")][: max(1, round(ADDED * len(pages)))]
    return pages | {name: [f"{text} {rng.choice(words)}" for text in pages[name]] for name in names}


def a_page_gone(pages: Pages, words: list[str], rng: random.Random) -> Pages:
    """Take a page away."""
    return {name: texts for name, texts in pages.items() if name != sorted(pages)[len(pages) // 3]}


CHANGES: tuple[Callable[[Pages, list[str], random.Random], Pages], ...] = (
    a_page_more,
    a_page_edited,
    a_site_edited,
    a_page_gone,
)


def write(pages: Pages, folder: Path, store: Store) -> Path:
    """Run the pipeline over pages and write the tables' Parquet."""
    seeds = folder / "seeds"
    for name, texts in pages.items():
        (seeds / name).parent.mkdir(parents=True, exist_ok=True)
        posts = (
            f"Ada's avatar\n\nAda {number % 9 + 1} days ago\n\n{text}\n" for number, text in enumerate(texts)
        )
        (seeds / name).write_text("\n".join(posts), encoding="utf-8")
    tables = arrange(local.build(seeds, store=store, detect=language.quick, asked_out={}))
    for name, frame in tables._asdict().items():
        (folder / name).mkdir()
        for shard, groups in enumerate(parquet.cut(frame, name)):
            start, stop = (groups[0].start, groups[-1].stop) if groups else (0, 0)
            moved = [parquet.Extent(group.start - start, group.stop - start) for group in groups]
            path = folder / name / f"part-{shard:05d}.parquet"
            parquet.write(frame.slice(start, stop - start), name, path, moved, {"table": name})
    return folder


def measure(n_pages: int) -> list[str]:
    """Measure each change; a table, line by line."""
    rng = random.Random(7)
    words = vocabulary()
    pages = invent(n_pages, words, rng)
    table = [f"{'':16}{'MB':>8}{'shared':>9}   row groups that stand whole"]
    with tempfile.TemporaryDirectory() as place:
        store = Store(Path(place) / "store", language.quick)
        first = write(pages, Path(place) / "first", store)
        for change in CHANGES:
            second = write(change(pages, words, rng), Path(place) / change.__name__, store)
            seen = sharing.measure(first, second)
            groups = ", ".join(
                f"{name} {told['shared_row_groups']} of {told['row_groups']}"
                for name, told in seen["tables"].items()
            )
            told = change.__name__.replace("_", " ")
            table.append(f"{told:16}{seen['bytes'] / 1e6:8.2f}{seen['share']:9.1%}   {groups}")
    return table


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(description="Measure the bytes that two versions share.")
    asked.add_argument("--pages", type=int, default=100, help=f"pages of {POSTS} posts (default: 100)")
    print("\n".join(measure(asked.parse_args().pages)))


if __name__ == "__main__":
    main()
