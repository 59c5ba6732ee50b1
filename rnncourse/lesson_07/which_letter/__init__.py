"""Which letter mattered, of lesson 07: its numbers, its picture, its controls."""
