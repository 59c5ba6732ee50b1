"""The beam tree of lesson 10: its numbers, its picture, its controls."""
