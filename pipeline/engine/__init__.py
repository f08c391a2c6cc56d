"""Where the hops run: on one machine, or on many."""
