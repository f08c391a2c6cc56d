"""Take a release from one place to another, whole or not at all, and look at it where it stands."""
