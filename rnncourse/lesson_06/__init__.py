"""Lesson 06: clipping, truncated BPTT, optimisers, and what a sick run looks like."""
