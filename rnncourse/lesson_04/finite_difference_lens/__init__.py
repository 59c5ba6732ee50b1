"""The finite difference lens of lesson 04: its numbers, its picture, its controls."""
