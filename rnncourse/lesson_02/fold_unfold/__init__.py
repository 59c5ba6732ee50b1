"""The fold unfold of lesson 02: its numbers, its picture, its controls."""
