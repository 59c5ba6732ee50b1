"""The word order of lesson 00: its numbers, its picture, its controls."""
