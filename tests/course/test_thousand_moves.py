"""Moves leave nothing behind: a sample; `benchmarks/memory.py` moves every explorer."""

import gc
import tracemalloc

import pytest

from benchmarks._moved import Moved

MOVES, BYTES = 60, 1000  # a frame has twenty thousand and more


@pytest.mark.parametrize("name", ["gate_desk", "scan_tree", "word_order"])
def test_a_move_leaves_no_frame_and_no_data_behind(name: str) -> None:
    moved = Moved(name)
    moved.move(MOVES)
    tracemalloc.start()
    try:
        moved.move(MOVES)
        gc.collect()
        before, _ = tracemalloc.get_traced_memory()
        moved.move(MOVES)
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < BYTES * MOVES
