"""Which clients are stale."""
