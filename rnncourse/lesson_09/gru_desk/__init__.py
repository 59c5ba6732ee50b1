"""The GRU desk of lesson 09: its numbers, its picture, its controls."""
