"""What readings of a whole page have in common."""


class Whole:
    """A reading of a page that is as sure as what speaks for it, and reads the page from its top unless it says more.

    Attributes:
        score: how much speaks for it, 0 to 1.
    """

    score: float

    @property
    def confidence(self) -> float:
        """Say how sure it is that the page is cut rightly."""
        return self.score

    @property
    def since(self) -> int:
        """Give the first row that is read: all are."""
        return 0
