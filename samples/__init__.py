"""Sample exports, and what makes them."""
