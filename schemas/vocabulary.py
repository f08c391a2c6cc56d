"""The closed vocabularies: each word and what it means, said once.

Models, JSON Schemas and the data card's glossary are made from these. Record kinds and page kinds are open:
a new page kind may bring its own.
"""

ROLES = {
    "header": "a field of a record as the page shows it: title, author, date",
    "body": "a record's own words, with what names the speaker and the time of a turn",
    "chrome": "the site's or the publisher's words, not the author's",
}

CHROME_KINDS = {
    "nav": "navigation of the site",
    "pager": "a way to more pages, or a count of them",
    "ui_message": "a message or label of the interface",
    "avatar": "the caption of an author's picture",
    "image_marker": "a word that stands where a picture was",
    "promo": "a plea to subscribe, follow, upgrade or share",
    "donation": "a plea for money",
    "footer": "the foot of the site",
    "sponsor": "a paid placement",
    "recurring_blurb": "a paragraph that the publisher repeats word for word in many records",
    "related": "the header of a list of other things to read",
    "day_separator": "a day printed between records",
    "encoding_mark": "a byte order mark",
    "front_matter": "what a file says of itself above its text, in YAML or TOML",
    "unclaimed": "a line that no rule knew: kept here, in no record",
}

SEGMENT_KINDS = {
    "paragraph": "a paragraph",
    "heading": "a heading inside the record",
    "list_item": "an item of a list",
    "quote": "a quotation set apart",
    "caption": "a caption or a credit of a picture",
    "footnote": "a note at the foot of the record",
    "tweet": "one post of a thread",
    "turn": "one speaker's turn in a conversation",
    "chapter": "a line of a table of contents",
}

PRECISIONS = {
    "minute": "known to the minute",
    "hour": "known to the hour",
    "day": "known to the day",
    "week": "known to the week",
    "month": "known to the month",
    "year": "known to the year",
    "unknown": "the page gives no date, or one that cannot be read",
}

FLAGS = {
    "short": "so few words that statistics over them say little",
    "no_text": "no words of its own: a picture or a link alone",
    "mixed_language": "parts of it are in another language than the one named",
    "contains_email": "an e-mail address stands in the text",
    "contains_phone": "what looks like a telephone number stands in the text",
    "boilerplate_heavy": "more chrome than own words between its first and its last byte",
    "promise_broken": "the page says how many segments there are, and another number was found",
    "relative_date": "the date is printed relative to the visit, and resolved against the capture interval",
    "induced": "no grammar was written for its page: what it is made of was told by how its lines recur",
    "mass_copy": "nearly the same words as so many records that they were all kept, for a person to look at",
    "future_date": "the date printed lies after the capture",
    "withheld": "its text is not published: of its source, only metadata is",
}

POLICIES = {
    "full": "the text is published, under the licence given",
    "metadata_only": "the text is withheld: who, when, where, how long, in what language, and a digest stay",
}

REASONS = {
    "exact_copy": "the same words as the record that was kept",
    "near_copy": "nearly the same words as the record that was kept",
    "recurring": "a passage that its publisher repeats in many records",
    "invalid": "a row that breaks its schema; the message says where",
    "opt_out": "taken out at the request of its author or rights holder",
    "withdrawn": "taken out by the curators",
    "licence": "its licence does not let it be published",
    "unreadable": "a file that could not be read as text",
    "empty": "a file without any text",
    "missing": "a file that is named and does not exist",
}

CHANGES = {
    "added": "it was not in the version before",
    "removed": "it is no longer there",
    "changed": "it was there with other values",
}

CHANGE_REASONS = {
    "new_source": "its page is new",
    "source_gone": "its page is no longer among the sources",
    "upstream_edit": "the file of its page has other bytes; a record whose words or author changed has a new id",
    "source_facts": "what is known of its page changed: when it was captured, or under what licence",
    "dedup": "its copies changed: one came, went, or is now the one that is kept",
    "opt_out": "it was taken out at the request of its author or rights holder, or came back",
    "withdrawn": "it was taken out by the curators, or came back",
    "licence": "its text came under another policy: it is withheld, or published again",
    "invalid": "it broke its schema, or no longer does",
    "schema": "the table has other columns; the values of the others are as before",
    "pipeline_rule": "the same page is read or described in another way: the columns that differ say in what",
}
