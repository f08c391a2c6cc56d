"""Thread Reader: one author's tweets unrolled onto a page, then previews of the author's other threads.

Source    threadreaderapp.com, the rendered page as text.
Dates     `Jan 9, 2021`: day precision, no zone. A preview drops the year when it is the year of the visit.
Tweets    paragraphs of one tweet are parted by a blank line, tweets by none. But a tweet may hold single line breaks
          too, so the header's count says how many breaks are tweets, and a preview shows three tweets; of more breaks
          the weightiest are taken: after an image, between long lines; seldom within a stanza of short ones. A page
          dumped without header and counts is cut where a paragraph would make a tweet longer than a tweet can be.
Limits    a preview shows fewer tweets than it promises: is_complete is false. Its tweets are a reading where single
          line breaks outnumber them.
"""

from polars import col

from pipeline.grammar import (
    ANYTHING,
    HEADER,
    Grammar,
    Mark,
    Split,
    Tail,
    above,
    among,
    chrome,
    ever,
    flow,
    from_above,
    gap,
    holds,
    n,
    n_chars,
    prev,
    since,
    under,
)

DATE = r"(?P<published_raw>(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6} \d{1,2}(?:, \d{4})?)"
AVATAR = r"^(?P<author>.+) Profile picture$"
HEAD = (
    rf"^{DATE}(?: •)? (?P<n_promised>[\d,]+) tweets?(?: •)? \d+ min read(?: •)?(?: Read on (?:X|Twitter))?$"
)
DAY = rf"^{DATE}$"
READ_ON = r"^Read (?P<n_promised>[\d,]+) tweets?$"
MORE = r"^More from @(?P<handle>\w+)$"
HANDLE = r"^@(?P<handle>\w{1,15})$"
BOX = r"^Enter URL or ID to Unroll$"
MISSING = r"^Missing some Tweet in this thread\?.*$"
IMAGES = r"^Image(?: ?Image)*$"
MENTIONS = r"^@\w+(?: @\w+)*$"
LINKS = r"^\S+[./]\S+(?: \S+[./]\S+)*(?: ?Image)*$"
TITLE = r"^[^\p{Ll}]*\p{Lu}[^\p{Ll}]*$"

# Each weight is worth more than what a line's length can give, in the order of how seldom the sign deceives.
WEIGHT = (
    from_above(n_chars).clip(0, 280) + n_chars.clip(0, 280)  # 280: the characters of a tweet
    + 100 * (above(gap > 0).cast(int) + under(gap > 0).cast(int))
    + 1000 * prev(r"Image$").cast(int)
    + 600 * prev(MENTIONS).cast(int)
    - 800 * (holds(LINKS) | holds(MENTIONS) | prev(TITLE)).cast(int)
)  # fmt: skip
IS_BREAK = ~holds(IMAGES) & (gap == 0)
IS_PARAGRAPH = ~holds(IMAGES) & (gap > 0) & (~ever(READ_ON) | ~since(MORE))

FACTS = {
    "is_avatar": holds(AVATAR),
    "is_head": holds(HEAD),
    "is_handle": among(above(col.is_avatar) & under(col.is_head), HANDLE),
    "is_led": above(col.is_avatar | col.is_handle),
}

GRAMMAR = Grammar(
    kind="thread_reader",
    # one line of what surrounds a thread, and one of what the site says below it
    knows=(
        rf"{HEAD}|{BOX}|{MISSING}|^Keep Current with .+$",
        rf"{MORE}|{READ_ON}|^(?:This Thread may be Removed Anytime!|Try unrolling a thread yourself!"
        r"|Read all threads|Did Thread Reader help you today\?)$",
    ),
    facts=FACTS,
    page_fields=("author", "handle"),
    marks=(
        Mark("avatar", AVATAR, chrome("avatar", inside=True), opens="thread", where=under(col.is_head | col.is_handle)),
        Mark("handle", HANDLE, HEADER, where=col.is_handle),
        Mark("header", HEAD, HEADER, below=flow("tweet"), where=col.is_led),
        Mark("bare_header", HEAD, HEADER, below=flow("tweet"), opens="thread", where=~col.is_led & ~since(MORE)),
        Mark("box", BOX, chrome("nav"), where=n == 0),
        Mark("bare_thread", ANYTHING, flow("tweet"), below=flow("tweet"), opens="thread", where=prev(BOX) & (n == 1)),
        Mark("end", r"^• • •$", chrome("ui_message"), below=chrome("promo")),
        Mark("missing", MISSING, chrome("ui_message"), below=chrome("promo")),
        Mark("keep", r"^Keep Current with (?P<author>.+)$", chrome("promo"), below=chrome("promo")),
        Mark("portrait", AVATAR, chrome("avatar"), where=prev(r"^Keep Current with .+$")),
        Mark("read_all", r"^Read all threads$", chrome("nav")),
        Mark("more", MORE, chrome("related")),
        Mark("preview", DAY, HEADER, below=flow("tweet"), opens="thread", partial=True,
             where=(prev(MORE) | prev(READ_ON) | ~ever(READ_ON)) & since(MORE)),
        Mark("read_on", READ_ON, chrome("nav", inside=True), below=chrome("promo"), where=since(MORE)),
        Mark("donate", r"^Did Thread Reader help you today\?$", chrome("donation"), below=chrome("donation")),
        Mark("email", r"^Send Email!$", chrome("footer"), below=chrome("footer")),
        Mark("premium", r"^(?:Become (?:a )?Premium(?: Member .*)?|Follow Us!)$", chrome("promo")),
        Mark("sad", r"^:\($", chrome("ui_message")),
    ),
    splits=(
        Split("next_tweet", IS_BREAK, within=("header", "bare_header"), promises="n_promised", weight=WEIGHT),
        Split("next_preview", IS_BREAK & ever(READ_ON), within=("preview",), promises=3, weight=WEIGHT),
        Split("next_full", IS_PARAGRAPH, within=("bare_thread", "preview"), fits=280),
    ),
    tails=(
        Tail("read_on_x", r" Read on (?:X|Twitter)", "nav", on="header"),
        Tail("image", r"(?:\s?Image)+", "image_marker"),
    ),
)  # fmt: skip

SAMPLE = """
box     : Enter URL or ID to Unroll
bare_thread | Looms weave flowers. Enter URL or ID to Unroll, they say.
tweet   | Engines weave algebra. • • •

tweet   | Again, it might act upon other things besides number, were objects found whose mutual fundamental relations could be expressed by those of the abstract science of operations.
tweet   | Supposing so.

next_full | The engine might then compose elaborate and scientific pieces of music of any degree of complexity.

end     : • • •
promo   : Are you Missing some Tweet in this thread? Or not
missing : Missing some Tweet in this thread? You can try to force a refresh
promo   : • • • •
bare_header | Jan 8, 1843 • 2 tweets • 1 min read
tweet   | First, as it happens.
next_tweet | Jan 7, 1843 2 tweets 1 min read, they say
avatar  | Ada Profile picture
handle  | @ada
header  | Jan 9, 1843 4 tweets 3 min read Read on X
tweet   | NOTES:

tweet   | Looms weave flowers. More from @charles soon.
next_tweet | Engines weave algebra, in the way that the Jacquard loom weaves leaves, by cards.

tweet   | Bob Profile picture, by another hand: • • •
tweet   | (one)
tweet   | (two)
tweet   | They Keep Current with Mr. Babbage, and we read on

tweet   | Read 2 tweets
next_tweet | It is a 9 min read. Read 2 tweets a day. Image
image   | Image
next_tweet | Did Thread Reader help you today? I should like to know it all the same.

tweet   | Mar 22

end     : • • •

keep    : Keep Current with Ada

portrait : Ada Profile picture
promo   : Charles Profile picture

read_all : Read all threads
promo   : This Thread may be Removed Anytime!
premium : Follow Us!
promo   : Follow Us! Or not
promo   : May 3

more    : More from @ada

preview | Mar 22
tweet | Dear all, More from @ada
tweet | @charles @mary
next_preview | No. The engine has no pretensions whatever to originate anything.
next_preview | Dec 3, 1843

tweet | It can do what we know how to order it to perform, at length and in full detail.
tweet | example.org/notes… Image
read_on | Read 5 tweets
preview | Dec 3, 1842
tweet | One.
next_preview | Two: Read all threads
next_preview | Read 4 tweets or more
read_on | Read 1,204 tweets
promo   : Since May 3, please Send Email! to us

donate  : Did Thread Reader help you today?

donation : Support us!
premium : Become Premium
premium : Become a Premium Member (3 a month)
donation : It will Become Premium
email   : Send Email!
footer  : Ethereum
sad     : :(
footer  : :( :(
"""

EXPECT = (
    {
        "kind": "thread",
        "author": "Ada",
        "handle": "ada",
        "published_raw": None,
        "is_complete": True,
        "body": "Looms weave flowers. Enter URL or ID to Unroll, they say.\nEngines weave algebra. • • •\n\n"
        "Again, it might act upon other things besides number, were objects found whose mutual fundamental "
        "relations could be expressed by those of the abstract science of operations.\nSupposing so.\n\n"
        "The engine might then compose elaborate and scientific pieces of music of any degree of complexity.",
    },
    {
        "kind": "thread",
        "author": "Ada",
        "published_raw": "Jan 8, 1843",
        "n_promised": 2,
        "n_segments": 2,
        "body": "First, as it happens.\n\nJan 7, 1843 2 tweets 1 min read, they say",
    },
    {
        "kind": "thread",
        "author": "Ada",
        "handle": "ada",
        "published_raw": "Jan 9, 1843",
        "n_promised": 4,
        "n_segments": 4,
        "is_complete": True,
        "segments": (
            {"kind": "tweet", "text": "NOTES:\n\nLooms weave flowers. More from @charles soon."},
            {
                "kind": "tweet",
                "text": "Engines weave algebra, in the way that the Jacquard loom weaves leaves, by cards.\n\n"
                "Bob Profile picture, by another hand: • • •\n(one)\n(two)\n"
                "They Keep Current with Mr. Babbage, and we read on\n\nRead 2 tweets",
            },
            {"kind": "tweet", "text": "It is a 9 min read. Read 2 tweets a day."},
            {
                "kind": "tweet",
                "text": "Did Thread Reader help you today? I should like to know it all the same.\n\nMar 22",
            },
        ),
        "body": "NOTES:\n\nLooms weave flowers. More from @charles soon.\n\n"
        "Engines weave algebra, in the way that the Jacquard loom weaves leaves, by cards.\n\n"
        "Bob Profile picture, by another hand: • • •\n(one)\n(two)\n"
        "They Keep Current with Mr. Babbage, and we read on\n\nRead 2 tweets\n\n"
        "It is a 9 min read. Read 2 tweets a day.\n\n"
        "Did Thread Reader help you today? I should like to know it all the same.\n\nMar 22",
        "chrome": {"avatar": ["Ada Profile picture"], "nav": ["Read on X"], "image_marker": ["Image\nImage"]},
    },
    {
        "kind": "thread",
        "author": "Ada",
        "handle": "ada",
        "published_raw": "Mar 22",
        "n_promised": 5,
        "n_segments": 3,
        "is_complete": False,
        "body": "Dear all, More from @ada\n@charles @mary\n\n"
        "No. The engine has no pretensions whatever to originate anything.\n\nDec 3, 1843\n\n"
        "It can do what we know how to order it to perform, at length and in full detail.\nexample.org/notes…",
        "segments": (
            {"kind": "tweet", "text": "Dear all, More from @ada\n@charles @mary"},
            {"kind": "tweet", "text": "No. The engine has no pretensions whatever to originate anything."},
            {
                "kind": "tweet",
                "text": "Dec 3, 1843\n\nIt can do what we know how to order it to perform, at length and in full detail.\n"
                "example.org/notes…",
            },
        ),
        "chrome": {"image_marker": ["Image"], "nav": ["Read 5 tweets"]},
    },
    {
        "kind": "thread",
        "author": "Ada",
        "handle": "ada",
        "published_raw": "Dec 3, 1842",
        "n_promised": 1204,
        "n_segments": 3,
        "is_complete": False,
        "body": "One.\n\nTwo: Read all threads\n\nRead 4 tweets or more",
    },
)
