"""The explorer of the letter that mattered of lesson 07: its numbers, its picture, its controls."""
