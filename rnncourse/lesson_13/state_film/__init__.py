"""A film of the state: its path on a plane that is chosen for it."""
