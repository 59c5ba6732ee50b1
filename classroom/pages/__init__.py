"""Sheets, slides and handouts of the lessons, made from the lessons themselves."""
