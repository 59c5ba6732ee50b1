"""Lesson 04: back-propagation through time."""
