"""The drawings of a release, taken into a page: in the page's type and colours, by day and by night."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from markupsafe import Markup

from pipeline.plots import HEAD, STYLE

__all__ = ["STYLE", "inline"]

SVG = "http://www.w3.org/2000/svg"
# What the page says or is itself: the ground, the words above the drawing, and the colours of the night (`STYLE`).
OWN = {"ground", "ink title", "soft says", "plot narrow"}


def inline(path: Path, label: str) -> Markup:
    """Return a drawing as two elements of the page, `.wide` and `.narrow`, of which its style shows one.

    Its style is dropped, since a policy of hashes forbids it: the page has to hold `STYLE` once. So are its ground
    and the words at its head, which the page says in its own type.

    Args:
        path: an SVG file that `plots` drew; an older one holds no narrow layout, and is shown as it is.
        label: the id of the element that names it.
    """
    drawing = ElementTree.parse(path).getroot()  # noqa: S314 - our own file
    for element in drawing.iter():
        element.tag = element.tag.removeprefix(f"{{{SVG}}}")
    narrow = drawing.find("svg[@class='plot narrow']")
    for child in [child for child in drawing if child.tag == "style" or child.get("class") in OWN]:
        drawing.remove(child)
    drawing.set("viewBox", f"0 {HEAD} {drawing.get('width')} {int(drawing.get('height', 0)) - HEAD}")
    if narrow is None:
        return _element(drawing, label)
    drawing.set("class", "plot wide")
    narrow.attrib.pop("display")
    return _element(drawing, label) + _element(narrow, label)


def _element(drawing: ElementTree.Element, label: str) -> Markup:
    for size in ("width", "height"):
        drawing.attrib.pop(size, None)
    drawing.attrib |= {"role": "img", "aria-labelledby": label}
    return Markup(ElementTree.tostring(drawing, encoding="unicode"))  # noqa: S704 - written by ElementTree
