"""The drawings of a release, taken into a page: in the page's type and colours, by day and by night."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from markupsafe import Markup

SVG = "http://www.w3.org/2000/svg"
GROUND = "#fff"


def inline(path: Path, label: str) -> Markup:
    """Return a drawing as an element of the page.

    Its styles are dropped, since a policy of hashes forbids them in attributes, and its white ground, since the
    page may be dark.

    Args:
        path: an SVG file that `plots` drew.
        label: the id of the element that names it.
    """
    drawing = ElementTree.parse(path).getroot()  # noqa: S314 - our own file
    for element in drawing.iter():
        element.attrib.pop("style", None)
        element.tag = element.tag.removeprefix(f"{{{SVG}}}")
    for ground in [child for child in drawing if child.tag == "rect" and child.get("fill") == GROUND]:
        drawing.remove(ground)
    for size in ("width", "height"):
        drawing.attrib.pop(size, None)
    drawing.attrib |= {"role": "img", "aria-labelledby": label}
    return Markup(ElementTree.tostring(drawing, encoding="unicode"))  # noqa: S704 - written by ElementTree
