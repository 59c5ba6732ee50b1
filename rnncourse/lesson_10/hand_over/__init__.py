"""The hand over of lesson 10: its numbers, its picture, its controls."""
