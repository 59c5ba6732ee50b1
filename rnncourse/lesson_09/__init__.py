"""Lesson 09: the GRU, and the memory gym."""
