"""How many memories does a net have: where it can rest, and what is in between."""
