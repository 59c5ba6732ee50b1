"""Questions and cards of lesson 06."""

from rnncourse.checking.questions import Card, Guess, Question

__all__ = [
    "CARDS",
    "CLIMBS",
    "MEMORY",
    "NEVER_LEAVES",
    "SATURATED",
    "STANDS_STILL",
    "WHICH_CARRY",
]


WHICH_CARRY = Question(
    id="06.5",
    title="which of four may carry the state?",
    prompt="Four ways to make batches. In which of them may the state at the end of a "
    "batch be carried into the next one?",
    options={
        "a": (
            "32 reviews a batch, drawn at random, each of them whole",
            "Each review is a sequence of its own. The state at the end of one has "
            "read another text than the one that comes next in its row.",
        ),
        "b": (
            "a novel in 32 columns, chunk after chunk, each row reading on",
            "Yes. The state of a row has just read the letter before the next chunk of "
            "that row. Only where a new pass through the novel begins it starts anew.",
        ),
        "c": (
            "the same chunks of the novel, shuffled before each pass",
            "The chunks are right, their order is not: the state that is at hand has "
            "read another place of the novel.",
        ),
        "d": (
            "32 neighbouring chunks of the novel side by side in one batch",
            "Look at one row: in the next batch it reads 32 chunks further on. Its "
            "state has read the chunk that another row continues.",
        ),
    },
    right="b",
)


NEVER_LEAVES = Question(
    id="06.7",
    title="patient A",
    prompt="The loss of patient A never leaves 1.39, which is ln 4, that of guessing. "
    "No state is saturated, and the gradient is small but not zero. Which cause fits?",
    options={
        "a": (
            "all parameters were zero before training",
            "Yes. With zero weights every state is zero. Then the output weights get "
            "no gradient, and through zero output weights none comes back to the "
            "others: only the output bias moves.",
        ),
        "b": (
            "the learning rate is far too small",
            "Look at the step over the weights: it is large. Something moves at each "
            "update, and yet nothing is learned. What could be moving alone?",
        ),
        "c": (
            "the gradient explodes",
            "Its norm stays near 0.15. An exploding gradient shows as a peak.",
        ),
        "d": (
            "tanh is saturated",
            "The instrument says that no state is. All of them may even be exactly "
            "zero, where the slope of tanh is largest.",
        ),
    },
    right="a",
)


STANDS_STILL = Question(
    id="06.8",
    title="patient C",
    prompt="Patient C repeats bits. Its training loss falls from 0.6 and then stands "
    "at about 0.4, but on new streams it has 100 of 100 right. Which cause fits?",
    options={
        "a": (
            "too few units",
            "A network that has 100 of 100 right on new streams has room enough.",
        ),
        "b": (
            "in training some answers ask for bits that its state has never read",
            "Yes. The state is carried over shuffled chunks, so at the beginning of "
            "most chunks it has read something else. No weights can answer there; on "
            "whole streams that never happens.",
        ),
        "c": (
            "the learning rate is too high",
            "Steps that are too large leave saturated states, and no network that has "
            "all answers right.",
        ),
        "d": (
            "it has learned the training data by heart",
            "Then the training loss would be low and the answers on new streams wrong. "
            "Here it is the other way round.",
        ),
    },
    right="b",
)


CLIMBS = Question(
    id="06.9",
    title="patient D",
    prompt="The loss of patient D climbs from 2 to nearly 200, all the way. Its "
    "gradient is cut at nearly every step, and its first steps are no larger than "
    "those of a healthy run. Which cause fits?",
    options={
        "a": (
            "the gradient explodes",
            "One long step throws a run somewhere else, and there it stays or comes "
            "back. This one goes up all the way, and its steps are cut.",
        ),
        "b": (
            "the learning rate is too high",
            "The step over the weights begins at 0.014, as in the healthy twin. Too "
            "high a rate makes a loss jump; this one climbs all the way.",
        ),
        "c": (
            "a sign is wrong: it steps along the gradient and not against it",
            "Yes. With y − p in place of p − y, where p are the probabilities, each "
            "step is of a healthy size, and goes uphill. A gradient check finds it at "
            "once.",
        ),
        "d": (
            "the padding counts in the loss",
            "With the padding in it, it is another loss. Yet each step follows its "
            "gradient downhill, so it falls. This one climbs.",
        ),
    },
    right="c",
)


SATURATED = Question(
    id="06.10",
    title="patients E and F",
    prompt="After 100 updates most states of patients E and F are saturated, and they "
    "stay so. What did both have in common in the first ten updates?",
    options={
        "a": (
            "their gradients were zero",
            "Their norms were above 1 from the start. Nothing was missing.",
        ),
        "b": (
            "their steps were too large for the size of their weights",
            "Yes: 11 to 20 in a hundred of the weights at each update, where their "
            "healthy twins began with 1 to 3. One had too high a rate, one had no bias "
            "correction. The instrument names the symptom; which cause it is, the code "
            "must tell.",
        ),
        "c": (
            "their weights were zero",
            "Then no state could be saturated: tanh of zero is zero.",
        ),
        "d": (
            "their state was carried where it should not be",
            "Their sequences were whole; nothing was carried.",
        ),
    },
    right="b",
)


MEMORY = Guess(
    id="06.12",
    title="where the two memories cross",
    prompt="H = 32 units and D = 6 inputs. Going forward keeps (H + D + 1) H² numbers "
    "a sequence, going back T H. From about how many steps T on does going back "
    "need more?",
    right=1248,
    tolerance=1.1,
    low=1,
    high=1e6,
    ratio=True,
    right_says="At (H + D + 1) H = 39 times 32 = 1248 steps both keep the same. For "
    "shorter sequences going back is cheaper, in memory and even more in time.",
    low_says="More: divide (H + D + 1) H² by H.",
    high_says="Fewer: divide (H + D + 1) H² by H; 39 times 32 is all that is left.",
    known=(
        (
            1024.0,
            "That is H times H, from W_hh alone. The rows of W_xh and b_h count, too: "
            "divide (H + D + 1) H² by H.",
        ),
        (
            39936.0,
            "That is (H + D + 1) H², all that going forward keeps. Going back keeps H "
            "numbers at each step: after how many steps is that as much?",
        ),
    ),
)


CARDS = (
    Card(
        id="B14",
        claim="Truncated back-propagation means to back-propagate batch by batch, on a "
        "small part of the data at a time.",
        truth=False,
        statement="That is a mini-batch: several sequences side by side. Truncated "
        "back-propagation cuts along time: after τ steps the gradient stops, while the "
        "state goes on. One may do either, or both.",
    ),
    Card(
        id="B21",
        claim="Against exploding gradients there is a simple remedy that changes "
        "neither the network nor its loss: to limit the norm of the gradient.",
        truth=True,
        statement="Clipping by the norm keeps the direction and shortens the step. In "
        "the runs of section 1, at rates of 0.1 and 0.5, it was the difference between "
        "guessing and learning. Many lists of remedies leave it out.",
    ),
    Card(
        id="C1",
        claim="Clipping can cure vanishing gradients, too: scale small ones up.",
        truth=False,
        statement="What has vanished is not the length of the whole gradient but the "
        "part of it that comes from far back. Scaled up, the rest is louder, and "
        "points where it pointed before.",
    ),
    Card(
        id="C2",
        claim="With the state carried over, and no update in between, cutting a "
        "sequence into chunks leaves the forward pass as it is; only the gradient "
        "loses something.",
        truth=True,
        statement="The states, the answers and the loss are those of the whole "
        "sequence. The gradient lacks all that would have gone back over a cut, so it "
        "is biased, and no number of batches averages that away.",
    ),
    Card(
        id="C3",
        claim="If the training loss stands still well above zero, the network has "
        "not learned its task.",
        truth=False,
        statement="It may have been asked what cannot be known. Patient C had 100 of "
        "100 right on new streams, in 10 of 10 runs, while its loss stood at 0.33 to "
        "0.45.",
    ),
)
