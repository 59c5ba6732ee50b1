"""The memory meter of lesson 12: its numbers, its picture, its controls."""
