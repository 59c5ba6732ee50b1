"""The moved word of lesson 00: its numbers, its picture, its controls."""
