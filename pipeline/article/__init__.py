"""Pages of one article: its words told from the site's by shape and statistics, in any script.

No tags are needed, nor indents, nor blank lines; nothing is known of a site, and of languages only what sites print
about articles in them. Each line is described by some hundred numbers, which a table of weights sums to the odds that
it is the page's own; runs of lines are then cut out so that the sum is greatest, and title, byline and date are looked
for about the first of them.

    wrapping    lines that were broken to fit a width, put together again
    characters  what a line is written with
    passages    windows and sums that never leave a document
    furniture   what sites print about an article, in words
    features    what tells words from furniture
    model       the weighted sum
    regions     from lines to passages
    titles      which line is the title
    roles       what a line may be
    bylines     which lines say when and by whom
    frame       headings, captions, foot, and where the record opens
    patterns    what dates and bylines look like
    company     whether the page surely holds nothing else
    reader      the grammar that is offered
"""

from pipeline.article.answers import speak_of_answers
from pipeline.article.reader import HEADER_LINES, Stretch, own_words, read, surround

__all__ = ["HEADER_LINES", "Stretch", "own_words", "read", "speak_of_answers", "surround"]
