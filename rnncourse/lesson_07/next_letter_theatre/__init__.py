"""The next-letter theatre of lesson 07: its numbers, its picture, its controls."""
