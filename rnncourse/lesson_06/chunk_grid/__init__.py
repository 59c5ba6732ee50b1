"""The grid of chunks of lesson 06: its numbers, its picture, its controls."""
