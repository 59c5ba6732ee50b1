"""The delay that a truncated gradient learns of lesson 06: its numbers, its picture, its controls."""
