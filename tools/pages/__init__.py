"""Notebooks as pages of HTML: what handouts, slides and the reading edition share."""
