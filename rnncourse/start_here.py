"""The question and the card of start_here: how the course answers you."""

from rnncourse.checking.questions import Card, Question

AFTER_A_MISTAKE = Question(
    id="0.1",
    title="After a mistake",
    prompt="A check says “not yet right”, and you run the rest of the lesson all the "
    "same. What happens?",
    options={
        "a": (
            "the next cells stop with errors",
            "No. A check only reports: it never stops a lesson.",
        ),
        "b": (
            "the next cells go on with my wrong function",
            "No. That would spoil every picture after it. Later cells do not use your "
            "function at all: what do they use?",
        ),
        "c": (
            "nothing: the next cells use the library's own function",
            "Right. So you can leave an exercise, go on, and come back to it when you "
            "like.",
        ),
    },
    right="c",
)

GRAPHICS_CARD = Card(
    id="S1",
    claim="Whoever wants to train a recurrent network needs a graphics card.",
    truth=False,
    statement="Large ones do need one. The networks that teach most are small: they "
    "train in seconds, with numpy alone, on the computer in front of you.",
)
