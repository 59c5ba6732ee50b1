"""The melody of lesson 03: its numbers, its picture, its controls."""
