"""Lesson 13: opening the box: what a trained network holds, and how it is used."""
