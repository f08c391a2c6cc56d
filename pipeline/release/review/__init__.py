"""Review pages: each document as it is, with its records, segments, chrome and removed parts marked in place.

A curator finds a wrong boundary here in seconds, and anyone the place that a record came from:
`review/<document_id>.html#<record_id>`, or `review/find.html#<record_id>` where only the record is known.
"""

from pipeline.release.review.files import assets, write

__all__ = ["assets", "write"]
