"""The path counter of lesson 04: its numbers, its picture, its controls."""
