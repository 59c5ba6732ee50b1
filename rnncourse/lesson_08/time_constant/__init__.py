"""The time constant of lesson 08: its numbers, its picture, its controls."""
