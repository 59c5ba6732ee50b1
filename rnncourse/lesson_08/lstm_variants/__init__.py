"""The lstm variants of lesson 08: its numbers, its picture, its controls."""
