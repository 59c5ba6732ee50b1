"""Fast weights, of lesson 12: its numbers, its picture, its controls."""
