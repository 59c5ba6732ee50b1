"""The forget bias race of lesson 08: its numbers, its picture, its controls."""
