"""Who has solved what, and what to talk about in the next hour.

`collecting` finds what came in, `notebooks` reads the answers in it, `outcomes` runs
them by the course's own judge, `counting` counts, `page` and `table` write.
"""
