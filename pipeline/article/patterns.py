"""What dates and bylines look like, in many languages; `dates.py` says which moment a date is."""

from pipeline.grammar import words

LETTERS = r"[^\W\d_]"
TIME = r"\d{1,2}[:.h]\d{2}(?::\d{2})?(?:\s?[AaPp]\.?[Mm]\b\.?)?"
DAYS = (
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}",
    r"\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})\b",
    rf"\d{{1,2}}(?:\.|st|nd|rd|th|er|º)?\s+(?:de\s+|of\s+)?{LETTERS}{{3,}}\.?,?\s+(?:de\s+)?\d{{4}}\b",
    rf"{LETTERS}{{3,}}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}\b",
    r"\d{4}\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]",
)
WEEKDAY = rf"(?:{LETTERS}{{3,}},\s+)?"
DATE = rf"{WEEKDAY}(?:{'|'.join(DAYS)})(?:T|,?\s+(?:{LETTERS}{{1,3}}\s+|[-–|•]\s+)?)?(?:{TIME})?"

# The word before an author's name. One fact each, from bylines as newspapers print them.
BY = words(
    *(
        "By",
        "by",
        "Von",
        "von",
        "VON",
        "BY",
        "Par",
        "par",
        "PAR",
        "Por",
        "por",
        "POR",
        "Di",
        "di",
        "DI",
        "Door",
    ),
    *(
        "door",
        "Av",
        "av",
        "Af",
        "af",
        "Przez",
        "Autor",
        "Autora",
        "Autorin",
        "Auteur",
        "Autore",
        "Author",
        "Authors",
    ),
    *(
        "Text",
        "Texto",
        "Testo",
        "Tekst",
        "Автор",
        "Автори",
        "作者",
        "文",
        "記者",
        "記事",
        "بقلم",
        "کاتب",
        "מאת",
        "Yazan",
    ),
    *("Yazar", "Szerző", "Kirjoittaja", "Συντάκτης", "लेखक", "ผู้เขียน", "Tác giả", "Oleh", "Penulis", "글"),
)
CAPITAL = r"[^\W\d_a-zß-öø-ÿа-яё]"  # or a letter of a script that has none
PARTICLE = r"(?:van|von|der|den|de|da|do|dos|del|della|di|du|la|le|bin|ibn|al|el|zu)"
NAME = rf"{CAPITAL}[\w.'’-]*(?:\s+(?:{PARTICLE}\s+){{0,2}}{CAPITAL}[\w.'’-]*){{0,3}}"
AUTHOR = rf"(?:^|[\s|•·–—-]){BY}(?:\s*[:：]\s*|\s+)(?P<author>{NAME})"
