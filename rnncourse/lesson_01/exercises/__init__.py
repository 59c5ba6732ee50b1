"""Exercises of lesson 01, one-hot, softmax, loss: a file each, and `questions`."""
