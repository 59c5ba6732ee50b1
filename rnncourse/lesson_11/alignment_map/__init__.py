"""The alignment map of lesson 11: its numbers, its picture, its controls."""
