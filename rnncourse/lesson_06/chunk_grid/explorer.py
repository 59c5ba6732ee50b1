"""The chunk grid: batch, chunk and shuffling, and what they do to the state."""

from rnncourse.exploring.controls import Steps, Stops, Toggle
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_06.chunk_grid.compute import BATCHES, STEPS, TEXT_LENGTH, compute
from rnncourse.lesson_06.chunk_grid.view import GridView

chunk_grid = Explorer(
    title="Chunk grid",
    question="Predict first: a text is read in chunks, several rows at a time. Which "
    "letters does row 2 read in the second update? And when the chunks are shuffled, "
    "what has the state read that is carried over?",
    claim="The batch says how many places of the text are read at once, the chunk how "
    "far a gradient goes back. Read in the order of time, the state of a row always "
    "ends where its next chunk begins. Shuffled, it ends somewhere else: then start "
    "each chunk from zeros, or do not shuffle.",
    controls={
        "batch_size": Stops("batch size B", BATCHES, 2),
        "steps": Stops("chunk τ", STEPS, 16),
        "update": Steps("update", TEXT_LENGTH // STEPS[0], 1, low=1, milliseconds=500),
        "shuffle": Toggle("shuffle the chunks", False),
    },
    presets={
        "one long row": {"batch_size": 1, "update": 4},
        "eight rows": {"batch_size": 8, "steps": 8, "update": 2},
        "the state fits": {"update": 3},
        "shuffled": {"update": 3, "shuffle": True},
    },
    compute=compute,
    view=GridView,
)
