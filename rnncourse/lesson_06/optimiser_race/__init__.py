"""The race of the optimisers of lesson 06: its numbers, its picture, its controls."""
