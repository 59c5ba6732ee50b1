"""Exercises, questions and cards of lesson 11."""
