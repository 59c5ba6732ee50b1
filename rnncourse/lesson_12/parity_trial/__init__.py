"""The parity trial: its numbers, its picture, its controls."""
