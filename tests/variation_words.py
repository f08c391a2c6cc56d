"""Words for pages we do not have: invented people and publishers, what the sites print in their languages.

Nobody named here is meant to be anybody. What a site prints and we have not seen is marked `invented`.
"""

from typing import NamedTuple


class Person(NamedTuple):
    """A name to give: in full, as it shortens after first use, and as a handle."""

    full: str
    short: str
    handle: str


PEOPLE: dict[str, tuple[Person, ...]] = {
    "plain": (
        Person("Nora Feld", "Nora", "norafeld"),
        Person("Tomas Berg", "Tomas", "tberg"),
        Person("Ines Roth", "Ines", "ines_r"),
        Person("Karl Voss", "Karl", "kvoss88"),
        Person("Lidia Prats", "Lidia", "lidiap"),
        Person("Omar Haddad", "Omar", "ohaddad"),
        Person("Petra Lang", "Petra", "plang"),
        Person("Rui Tavares", "Rui", "rtav"),
    ),
    "long": (
        Person("Mary-Jane O'Neil Watson", "Mary-Jane", "mjow"),
        Person("Juan Carlos de la Vega", "Juan Carlos", "jcvega"),
        Person("Ngozi Adaeze Okafor-Smith", "Ngozi", "ngozi_os"),
        Person("Pieter van der Meer", "Pieter", "pvdm"),
        Person("Conor D’Arcy Byrne", "Conor", "darcyb"),
        Person("Ludwig von und zu Stein", "Ludwig", "lvs"),
        Person("Anna-Lena Maria Kühn", "Anna-Lena", "alk"),
        Person("Tran Thi Bich Ngoc", "Ngoc", "bichngoc"),
    ),
    "accents": (
        Person("Zoë Müller", "Zoë", "zoemueller"),
        Person("Łukasz Żak", "Łukasz", "lzak"),
        Person("Åse Øygård", "Åse", "aase"),
        Person("Björk Þórsdóttir", "Björk", "bjorkth"),
        Person("José Ñíguez", "José", "jniguez"),
        Person("Čeněk Říha", "Čeněk", "criha"),
        Person("Éloïse Lefèvre", "Éloïse", "eloise_l"),
        Person("Nguyễn Thị Hằng", "Hằng", "hangnt"),
    ),
    "scripts": (
        Person("王小明", "小明", "wangxm"),
        Person("김서연", "서연", "seoyeon"),
        Person("山田 太郎", "太郎", "yamada_t"),
        Person("Мария Петрова", "Мария", "mpetrova"),
        Person("Νίκος Αργυρός", "Νίκος", "nikosa"),
        Person("欧阳娜", "娜", "ouyangna"),
        Person("דנה לוי", "דנה", "danalevi"),
        Person("سارة حداد", "سارة", "sarah_h"),
    ),
    "single": (
        Person("Moxie", "Moxie", "moxie"),
        Person("Teller", "Teller", "teller"),
        Person("Bo", "Bo", "bo"),
        Person("Q", "Q", "q"),
        Person("Rosalía", "Rosalía", "rosalia"),
        Person("Host", "Host", "host"),
        Person("0xNadia", "0xNadia", "0xnadia"),
        Person("Li", "Li", "li"),
    ),
    "initials": (
        Person("J. R. Smith", "J. R.", "jrsmith"),
        Person("Dr. Ana B. Ruiz", "Ana", "anabruiz"),
        Person("Samuel L. Chu Jr.", "Samuel", "slchu"),
        Person("A.B. Yehoshua", "A.B.", "abyeh"),
        Person("Prof. Lin Wei", "Lin", "linwei"),
        Person("T. S. McDonald", "T. S.", "tsmcd"),
        Person("K. Ito", "Ito", "kito"),
        Person("Mrs. E. Poe", "E.", "epoe"),
    ),
    "lower": (
        Person("danah boyd", "danah", "zephoria_x"),
        Person("bell", "bell", "bell.h"),
        Person("e e green", "e e", "eegreen"),
        Person("k3nji", "k3nji", "k3nji"),
        Person("ana de luca", "ana", "anadeluca"),
        Person("void", "void", "v_oid"),
        Person("hal.finn", "hal", "hal-finn"),
        Person("mx. grey", "grey", "mxgrey"),
    ),
    "emoji": (
        Person("Mira K 🎮", "Mira", "mirakode"),
        Person("⚡️ Sol", "Sol", "sol21"),
        Person("Ole 🇳🇴 Dahl", "Ole", "oledahl"),
        Person("Ben 🌱", "Ben", "ben_grows"),
        Person("𝓥era", "𝓥era", "vera"),
        Person("(◕‿◕) Kai", "Kai", "kai"),
        Person("Tess 👩🏽‍💻", "Tess", "tess"),
        Person("Max | 🧪 Lab", "Max", "maxlab"),
    ),
}

PUBLICATIONS: tuple[tuple[str, str], ...] = (
    ("Harbour Letters", "harbourletters"),
    ("The Loom & Wheel", "loomwheel"),
    ("Kleine Chronik", "kleinechronik"),
    ("42 Notes", "notes42"),
    ("Überblick", "ueberblick"),
)
"""Name, and the first part of its address."""

SUPPORT_PLEAS: tuple[str, ...] = (
    "Thanks for reading {name}! Subscribe for free to receive new posts and support my work.",
    "{name} is a reader-supported publication. To receive new posts and support my work, consider becoming a"
    " free or paid subscriber.",
    "Thank you for reading {name}. This post is public so feel free to share it.",
    "{name} is a reader-supported publication. To receive new posts and support our work, consider becoming"
    " a paid subscriber.",
)
"""What Substack puts between paragraphs."""

BLURBS: tuple[str, ...] = (
    "Two seats, one kettle, no slides: each week we sit with somebody who builds the thing rather than talks"
    " about it. If that is your sort of company, you are in the right place.",
    "Every fortnight a new voice joins me at the harbour, and we ask one question until it gives way.",
    "You will find links and a reading list on our site.",
    "Also available wherever you listen.",
)
"""A publisher's own paragraphs, one for each of the page's."""

RELATIVE_DATES: dict[str, tuple[str, ...]] = {
    "recent": (
        "just now",
        "1 min ago",
        "12 mins ago",
        "59 mins ago",
        "1 hour ago",
        "7 hours ago",
        "23 hours ago",
        "yesterday",
        "2 days ago",
        "6 days ago",
        "1 week ago",
    ),
    "old": (
        "1 week ago",
        "2 weeks ago",
        "3 weeks ago",
        "4 weeks ago",
        "0 months ago",
        "1 month ago",
        "2 months ago",
        "11 months ago",
        "12 months ago",
        "1 year ago",
        "2 years ago",
        "11 years ago",
    ),
}

CATEGORIES: tuple[str, ...] = (
    "Main stream",
    "News",
    "Uncategorized",
    "Chine & Asie",
    "Wissenschaft",
    "科技新闻",
    "Tech 2.0",
    "Favourites",
    "À lire",
    "My feeds — daily",
    "🗞 Press",
    "Политика",
)
"""Names a reader may have given a category, or the site a view."""

TITLES: tuple[str, ...] = (
    "Why?",
    "第三季度半导体出口数据解读",
    "2024 in review: 12 charts, 3 maps",
    "THE LAST FERRY",
    "“We never asked,” she said",
    "A very long title about what the harbour master saw on the morning after the storm, what he wrote in his"
    " book, and why nobody has read it since",
    "Part 2",
    "what i learned",
    "Ein Jahr später: Rückblick auf die Wahl",
    "[Update] Prices – revised",
    "Sunday 3 March",
    "Q&A with the ferryman.",
    "🧵 Threads",
)
"""Titles of many shapes: a question, numbers, capitals, a sentence, a day."""

NOTICES: tuple[str, ...] = (
    "We’re hosting a book club in Lisbon on Thursday. Sign up here!",
    "Our reader survey is open until Sunday. It takes three minutes: please fill it in here.",
    "I’ll be in Rotterdam next month. If you would like to meet, reply to this email.",
    "We are hiring a part-time editor! Send us a line and two pieces you are proud of.",
    "There are five seats left for the summer workshop. Email us at hello@example.org to join.",
)
"""What a publisher asks of readers above an article, in its own words."""

LISTENS: tuple[str, ...] = (
    "Listen to this conversation on Apple Podcasts, Spotify, or wherever you get your shows.",
    "You can listen on Spotify, Apple Podcasts and Overcast.",
    "Listen on Apple Podcasts | Spotify | YouTube",
)

THANKS: tuple[str, ...] = (
    "Thank you to the Harbour Foundation for sponsoring this episode.",
    "This episode is supported by the Loom & Wheel Trust.",
    "Today’s newsletter is brought to you by Ferrybox.",
)

ADVERTS: tuple[str, ...] = (
    "Today’s edition is brought to you by Ferrybox, the timetable for people who hate timetables.\n\nFerrybox reads"
    " the tide, the queue and the captain’s mood, and says when to leave the house. More than four hundred harbours"
    " use it every day.\n\nTry it free for a month at ferrybox.example.",
    "This issue is sponsored by Loom & Co.\n\nTheir new jacket is woven in one piece, without a seam, and mended for"
    " as long as you own it.\n\nReaders of this letter get a tenth off with the code LETTER.",
    "A message from our sponsor\n\nThe Bank of the Estuary lends to boat builders only. It has done so since 1871,"
    " and has never lost a boat.\n\nSpeak to them before your next keel.",
)

INTRODUCTIONS: tuple[str, ...] = (
    "{name} is a graduate student in economics at the University of Lisbon.",
    "Today’s guest post is by {name}, who covers shipping for the Gazette.",
    "{name} writes about ports and trade.",
    "By {name}",
    "Written by {name}, a former harbour pilot.",
    "{name} is the author of “The Long Estuary” and teaches history in Porto.",
    "This piece was contributed by {name}.",
)
"""How a newsletter says who wrote an article."""

HEADINGS: dict[str, tuple[str, ...]] = {
    "in title case": (
        "The Harbour Master’s Dilemma",
        "What Comes Next",
        "Why It Matters",
        "Introduction",
        "A Short History of the Estuary",
        "Part II: Ferries and Fares",
        "Conclusion",
        "The View from Porto",
        "How to Read a Tide Table",
    ),
    "in sentence case": (
        "The harbour master’s dilemma",
        "What comes next",
        "Why it matters",
        "Introduction",
        "A short history of the estuary",
        "Ferries and fares",
        "Conclusion",
        "The view from Porto",
        "How to read a tide table",
    ),
}

CAPTIONS: tuple[str, ...] = (
    "The last ferry leaving Porto in 1962. (Source)",
    "Harbour lights at dusk. Photo: Jane Roe / Estuary Press",
    "Source: Ministry of Ports, 2019",
    "A map of the estuary before the dam. Source.",
    "Image credit: Jane Roe",
    "Workers mend nets on the quay, May 3rd, 1971. Source: City Archive",
    "Screenshot of the timetable app, taken in March.",
    "The pilot’s house (left) and the old mill. (Source: Estuary Press)",
)

FEED_NAMES: tuple[str, ...] = (
    "Harbour Letters",
    "Lectures choisies",
    "日々の記録",
    "The Loom & Wheel – Weekly",
)


class Edition(NamedTuple):
    """What a podcast directory prints around the episodes."""

    episodes: str
    missing: str
    refresh: str


# Danish is as a page of the site prints it. All others are invented, English too: no page of those editions
# could be found.
EDITIONS: dict[str, Edition] = {
    "da": Edition("Episoder", "Manglende episoder?", "Klik her for at forny feed."),
    "en": Edition("Episodes", "Missing episodes?", "Click here to refresh the feed."),
    "de": Edition("Folgen", "Fehlen Folgen?", "Hier klicken, um den Feed zu aktualisieren."),
    "sv": Edition("Avsnitt", "Saknas det avsnitt?", "Klicka här för att uppdatera flödet."),
    "no": Edition("Episoder", "Mangler det episoder?", "Klikk her for å oppdatere feeden."),
    "es": Edition("Episodios", "¿Faltan episodios?", "Haz clic aquí para actualizar el feed."),
    "fr": Edition("Épisodes", "Des épisodes manquants ?", "Cliquez ici pour rafraîchir le flux."),
    "it": Edition("Episodi", "Episodi mancanti?", "Clicca qui per aggiornare il feed."),
    "nl": Edition("Afleveringen", "Ontbreken er afleveringen?", "Klik hier om de feed te vernieuwen."),
    "pt": Edition("Episódios", "Faltam episódios?", "Clique aqui para atualizar o feed."),
    "pl": Edition("Odcinki", "Brakuje odcinków?", "Kliknij tutaj, aby odświeżyć kanał."),
    "fi": Edition("Jaksot", "Puuttuuko jaksoja?", "Päivitä syöte napsauttamalla tästä."),
}

TRANSCRIPT_HEADINGS: tuple[str, ...] = (
    "AI-generated transcript",
    "Transcript (auto-generated)",
    "This transcript was generated by AI and may contain errors",
    "Transcript:",
    "TRANSCRIPT",
    "Automatically generated transcript – please excuse any errors.",
    "Full transcript (AI-generated, lightly edited)",
    "Machine-generated transcript",
    "Transkript (KI-generiert)",
    "Transcription générée par IA",
    "AI-genereret transskription",
    "Transcripción generada por IA",
    "[Auto-generated transcript]",
)

CHAPTER_HEADINGS: tuple[str, ...] = (
    "Chapters:",
    "Timestamps",
    "Chapters",
    "Time stamps:",
    "Topics we covered",
    "CHAPTERS",
)

CHAPTER_NOTATIONS: dict[str, str] = {
    "parenthesised": "({stamp}) ",
    "hyphen": "{stamp} - ",
    "bullet dash": "* {stamp} – ",
    "bracketed": "[{stamp}] ",
    "colon": "{stamp}: ",
    "bare": "{stamp} ",
    "bullet parenthesised": "* ({stamp}) ",
    "hours": "{hours} ",
}
"""What stands before a chapter's title."""

POST_TAILS: tuple[str, ...] = (" image image", " View quoted note →", " image", " image View quoted note →")

TWEET_TAILS: tuple[str, ...] = (" Image", "Image", "Image\nImage", " Image\nImage\nImage")
