"""The memory gym: eight tasks with a dial, each for every cell, over five seeds."""
