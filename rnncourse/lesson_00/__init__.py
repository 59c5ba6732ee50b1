"""Lesson 00: why sequences need memory."""
