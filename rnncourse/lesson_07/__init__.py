"""Lesson 07: a character language model to read and to hear."""
