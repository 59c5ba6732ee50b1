"""Questions and cards of lesson 03."""

from rnncourse.checking.questions import Card, Question

__all__ = ["CARDS", "JOBS"]

PATTERNS = {
    "a": ("one to one", "One to one: a single input, a single answer, no sequence."),
    "b": (
        "one to many",
        "One to many: a single input, and a whole sequence comes out.",
    ),
    "c": (
        "many to one",
        "Many to one: a sequence goes in, one answer comes at its end.",
    ),
    "d": (
        "many to many, aligned",
        "Aligned: one answer for each step of the input, so both are equally long.",
    ),
    "e": (
        "many to many, first read, then write",
        "First read, then write: a sequence of another length comes out.",
    ),
}


def _job(letter: str, job: str, right: str, because: str, think: str) -> Question:
    """Return a question about one job; `think` helps whoever is wrong."""
    options = {
        key: (name, because if key == right else f"{meaning} {think}")
        for key, (name, meaning) in PATTERNS.items()
    }
    return Question(
        id=f"03.6{letter}",
        title="Which pattern?",
        prompt=f"{job} Which pattern is it?",
        options=options,
        right=right,
    )


JOBS = (
    _job(
        "a",
        "In goes a message, word by word. Out comes: wanted, or not wanted.",
        "c",
        "Many words, one answer: many to one. The loss has one term a message.",
        "Count the answers for a message of nine words.",
    ),
    _job(
        "b",
        "In goes a photograph, all its pixels at once. Out comes the animal on it.",
        "a",
        "One vector, one class: one to one. No step follows another, so no recurrence.",
        "Does anything come before the photograph, or after the answer?",
    ),
    _job(
        "c",
        "In goes a heartbeat, a hundred numbers a second. Out comes, for each of the "
        "numbers, whether it is regular.",
        "d",
        "An answer for every step: aligned many to many, as tagging words.",
        "How many answers does a second of it get, and when does each of them come?",
    ),
    _job(
        "d",
        "In goes the name of a composer. Out comes a melody, note by note.",
        "b",
        "One input, then many notes, each drawn and fed back: one to many.",
        "While the melody is written, does anything new come in from outside?",
    ),
    _job(
        "e",
        "In goes an English sentence. Out comes a German one, often longer or shorter.",
        "e",
        "The verb may come last, so all is read before anything is written: lesson 10.",
        "Can the first German word be known before the last English one was read?",
    ),
    _job(
        "f",
        "On a phone: as a message is typed, out comes after each word the one that "
        "should come next.",
        "d",
        "One answer for each word typed: aligned. The targets are the inputs, one step "
        "later, as in a language model.",
        "After how many of the typed words is something suggested?",
    ),
)

CARDS = (
    Card(
        id="A5",
        claim="What a net that reads from left to right says of a word may depend on "
        "that word, too, but on none of the words after it.",
        truth=True,
        statement="The state at step t is made of the inputs 1 to t, the present one "
        "included. What it cannot use are the inputs after t.",
    ),
    Card(
        id="A6",
        claim="A recurrent network takes an input at every step: without one, the step "
        "cannot be computed.",
        truth=False,
        statement="Without an input the state goes on by itself, through W_hh. Which "
        "steps have an input, and which an output, is a choice.",
    ),
    Card(
        id="A18",
        claim="In many to one, the output is taken at the last loop of the network.",
        truth=False,
        statement="It is taken after the last step that exists. Where sequences are "
        "padded, the last loop has read padding; a mask carries the right state there.",
    ),
    Card(
        id="A19",
        claim="A net can say a whole sentence right although it gets one vector at the "
        "beginning and nothing after that, not even its own words.",
        truth=True,
        statement="Where the vector decides the sentence and the most probable word is "
        "taken, the state can carry all that is needed, if the net was trained so. "
        "Where several sentences are right and words are drawn, it must be told which "
        "word was drawn.",
    ),
    Card(
        id="B3",
        claim="One to one, as in image classification, is a type of recurrent network.",
        truth=False,
        statement="It is a plain feed-forward network: no state, no steps. It "
        "stands in the list of patterns as the case without recurrence.",
    ),
)
