"""Exercises of lesson 05, vanishing gradients: a file each, and `questions`."""
