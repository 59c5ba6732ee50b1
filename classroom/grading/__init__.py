"""Hand out and grade: nbgrader's folders and gradebook, and a judge out of reach.

An answer runs in a process of its own (`child`), behind a fence (`fence`), and hears
only arguments and tells only results, as plain data (`wire`, `codec`). What is right is
decided by the course's own judge in another process (`judging`), which takes the answer
for a function like any other (`answer`).
"""
