"""Lesson 02: the forward pass."""
