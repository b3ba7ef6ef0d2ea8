"""The README's commands, as a newcomer runs them."""
