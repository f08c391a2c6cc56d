"""What a line of a page with one article may be: its role, by name and by number."""

ROLES = (
    *("above", "title", "byline", "date", "day", "words", "flow", "heading", "list_item", "quote"),
    *("within", "below", "foot", "plea", "title_rest", "caption", "signed", "name"),
    *("answer_name", "answer_date", "answer_head", "answer_first", "answer", "answer_foot"),
)
ROLE = {name: number for number, name in enumerate(ROLES)}


def numbers(*names: str) -> tuple[int, ...]:
    """Give the numbers of roles."""
    return tuple(ROLE[name] for name in names)


HEAD = numbers("byline", "signed", "name", "date", "day")  # who wrote an article, and when
FREE = numbers("above", "within", "below", "foot")  # a date and a byline may be any such line
LED = numbers("heading", "words", "flow", "list_item")  # or such a one next below the title
ANSWERS = tuple(number for name, number in ROLE.items() if name.startswith("answer"))
