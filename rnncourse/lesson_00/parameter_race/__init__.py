"""The parameter race of lesson 00: its numbers, its picture, its controls."""
