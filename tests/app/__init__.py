"""The web pages: what they may ask, what they show, and a person's way through them in a real browser."""
