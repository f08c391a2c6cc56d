"""Does a confidence mean something? Of the texts named with confidence c, a share of c should be named rightly."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pipeline import plots

BINS = 10
SIDE = 380  # of the square, in points
Answers = tuple[Sequence[str], Sequence[float | None]]


class Bin(NamedTuple):
    """Texts whose confidence lies in a tenth: how many, their mean confidence, and the share named rightly."""

    n: int
    said: float
    right: float


def bins(said: Sequence[str], sure: Sequence[float | None], labels: Sequence[str]) -> list[Bin]:
    """Part the texts that were named into tenths of confidence; empty ones are left out."""
    parts: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for name, confidence, label in zip(said, sure, labels, strict=True):
        if confidence is not None:
            parts[min(int(confidence * BINS), BINS - 1)].append((confidence, name == label))
    return [
        Bin(len(part), *(sum(column) / len(part) for column in zip(*part, strict=True)))
        for part in parts
        if part
    ]


def error(parts: Sequence[Bin]) -> float:
    """Return the expected calibration error: how far share and confidence lie apart, over all texts.

    Guo, Pleiss, Sun and Weinberger 2017, with ten bins of equal width.
    """
    return sum(part.n * abs(part.right - part.said) for part in parts) / max(sum(part.n for part in parts), 1)


def tell(answers: Mapping[str, Answers], gold: Sequence[Mapping[str, str]]) -> list[str]:
    """Say the error over all texts, and over every other one of them, to which nothing was fitted."""
    labels = [row["language"] for row in gold]
    told = []
    for name, (said, sure) in answers.items():
        whole, other = error(bins(said, sure, labels)), error(bins(said[1::2], sure[1::2], labels[1::2]))
        n_told = sum(confidence is not None for confidence in sure)
        told.append(
            f"{name}: expected calibration error {whole:.3f} over {n_told:,} texts named, "
            f"{other:.3f} over every other one"
        )
    return told


def draw(answers: Mapping[str, Answers], gold: Sequence[Mapping[str, str]]) -> str:
    """Draw a point for each tenth and detector, as large as it has texts, beside the line of what would be perfect."""
    labels = [row["language"] for row in gold]
    found = {name: bins(said, sure, labels) for name, (said, sure) in answers.items()}
    errors = ", ".join(f"{name} {error(parts):.3f}" for name, parts in found.items())
    words = plots.Words(
        "How often a confidence is right",
        "texts",
        f"{len(gold):,} labelled texts by tenths of confidence; expected calibration error: {errors}",
    )
    left, top = plots.BROAD.margin + 60, 118
    drawn = [*plots._titles(words, plots.BROAD), *_grid(left, top)]
    for place, (name, parts) in enumerate(found.items()):
        drawn += [_point(left, top, place, name, part) for part in parts]
        drawn.append(_key(left + SIDE + 30, top + 20 + 24 * place, place, name))
    return plots._svg([(drawn, top + SIDE + 60, plots.BROAD)], words)


def _grid(left: float, top: float) -> list[str]:
    """Draw the square, its tenths, and the diagonal."""
    bottom, right = top + SIDE, left + SIDE
    drawn = []
    for tenth in range(0, BINS + 1, 2):
        share, at = tenth / BINS, SIDE * tenth / BINS
        drawn.append(
            f'<path class="line" d="M{left} {bottom - at}H{right}M{left + at} {top}V{bottom}" stroke="{plots.LINE}"/>'
        )
        drawn.append(plots._text(left - 8, bottom - at + 4, f"{share:.1f}", "soft", "end"))
        drawn.append(plots._text(left + at, bottom + 17, f"{share:.1f}", "soft", "middle"))
    diagonal = f"M{left} {bottom}L{right} {top}"
    drawn.append(f'<path class="axis" d="{diagonal}" stroke="{plots.SOFT}" stroke-dasharray="4 4"/>')
    drawn.append(plots._text(left + SIDE / 2, bottom + 38, "confidence", "soft", "middle"))
    drawn.append(plots._text(left - 60, top - 16, "share named rightly", "soft"))
    return drawn


def _point(left: float, top: float, place: int, name: str, part: Bin) -> str:
    x, y = left + SIDE * part.said, top + SIDE * (1 - part.right)
    radius = 3 + part.n**0.5 / 8
    said = f"{name}: {part.n:,} texts, confidence {part.said:.2f}, right {part.right:.2f}"
    return (
        f'<circle class="c{place}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{plots.DAY[place]}" '
        f'fill-opacity="0.75"><title>{said}</title></circle>'
    )


def _key(x: float, y: float, place: int, name: str) -> str:
    return plots._box((x, y, 12, 12), place, name) + plots._text(x + 18, y + 10, name, "ink")
