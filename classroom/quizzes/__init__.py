"""The questions and cards of the course, for learning platforms and for paper.

`entries` brings them into one form, `texts` turns their words into markup; `moodle`,
`qti`, `listing` and `sheet` write one format each.
"""
