"""Explorers: controls, a computation, and a picture that follows them."""
