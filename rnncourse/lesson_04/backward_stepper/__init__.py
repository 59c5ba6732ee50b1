"""The backward stepper of lesson 04: its numbers, its picture, its controls."""
