"""One page kind a file: `GRAMMAR`, a `SAMPLE` page and the records to `EXPECT` from it. A file here is all it needs."""
