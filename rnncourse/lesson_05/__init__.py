"""Lesson 05: vanishing and exploding gradients."""
