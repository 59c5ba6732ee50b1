"""Lesson 01: one-hot, vocabulary, softmax, loss."""
