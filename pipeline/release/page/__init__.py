"""The pages of a release: what it holds, for people, in files that open from disk and ask nobody for anything."""
