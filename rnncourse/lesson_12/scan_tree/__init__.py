"""The scan tree of lesson 12: its numbers, its picture, its controls."""
