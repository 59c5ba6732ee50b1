"""The gate desk of lesson 08: its numbers, its picture, its controls."""
