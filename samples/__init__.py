"""Sample exports, and what makes them and the sample feeds."""
