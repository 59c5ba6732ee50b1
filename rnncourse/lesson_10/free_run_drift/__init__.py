"""The free run drift of lesson 10: its numbers, its picture, its controls."""
