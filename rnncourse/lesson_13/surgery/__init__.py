"""Surgery: move a state along a direction, and let the net write on."""
