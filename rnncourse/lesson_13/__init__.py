"""Lesson 13: opening the box: what a trained net keeps, where, and what uses it."""
