"""Exercises of lesson 07, a character language model: a file each, and `questions`."""
