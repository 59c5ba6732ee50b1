"""Exercise 10.5: what goes wrong in a beam search, as edits of the reference."""

from rnncourse.checking.mistakes import Mistake

__all__ = ["MISTAKES", "ONE_STATE"]

ONE_STATE = (
    {"(tokens[-1], old)": "(tokens[-1], alive[0][2])"},
    {"alive = [found": "alive = [(*found[:2], best[0][2])"},
    {"alive = [found": "alive = [(*found[:2], best[-1][2])"},
    {"alive = [found": "alive = [(*found[:2], new)"},
    {
        "scores, new = step(tokens[-1], old)": "scores, state = "
        "step(tokens[-1], state)",
        "float(gain), new)": "float(gain), state)",
    },
)

MISTAKES = (
    Mistake(
        "forgets_the_past",
        {"log_p + float(gain)": "float(gain)"},
        "You rank by the last token alone. A sequence is as probable as all of "
        "its tokens together: their logarithms add up.",
    ),
    Mistake(
        "always_greedy",
        {"[:width]": "[:1]"},
        "Your beam is one sequence wide, whatever `width` says. Each of the "
        "`width` best beginnings is continued by every token, and of all of these "
        "the `width` best go on.",
    ),
    Mistake(
        "start_counted",
        {"range(max_length)": "range(max_length - 1)"},
        "Your answers are one token too short. START was fed in but never said: "
        "does it count in your max_length?",
    ),
    Mistake(
        "start_kept",
        {"tokens[1:], log_p": "tokens, log_p"},
        "START stands in your answer. It was fed in, but nobody said it, and it "
        "has no probability.",
    ),
    Mistake(
        "drops_the_closed",
        {"!= end]": "!= end] or best", "closed + alive": "alive"},
        "A sequence that has said END is lost in your search. It grows no "
        "further, but it may still be the best of all. Where do you keep it?",
    ),
    Mistake(
        "closed_ones_compete",
        {
            "grown = []": "grown = [a for a in alive if a[0][1:] and a[0][-1] == end]",
            "in alive:": "in [a for a in alive if a not in grown]:",
            "closed += [found for found in best if found[0][-1] == end]": "",
            "alive = [found for found in best if found[0][-1] != end]": "alive = best",
        },
        "An answer that has said END stays in your beam, and can be pushed out by "
        "longer ones that are more probable for a while. Its probability does not "
        "fall any more, theirs does. Where could it wait for the end?",
    ),
    Mistake(
        "one_state_for_all",
        ONE_STATE[0],
        "Your answers go on from one state. A state holds what was read on the "
        "way to it, and each answer has read something else. Which state belongs "
        "to an answer that has grown by a token?",
        others=ONE_STATE[1:],
    ),
    Mistake(
        "state_forgotten",
        {"float(gain), new)": "float(gain), old)"},
        "Your beginnings all stay in the state that was handed over. A step returns "
        "scores and a new state. What becomes of the new one?",
    ),
    Mistake(
        "always_start",
        {"step(tokens[-1], old)": "step(start, old)"},
        "Your beginnings read START at every step. What a beginning reads at a step "
        "is the token that it said at the one before.",
    ),
    Mistake(
        "one_child_each",
        {
            "enumerate(gains)": "sorted(enumerate(gains), key=lambda "
            "pair: -pair[1])[:width // len(alive)]"
        },
        "Each of your beginnings has its continuations chosen apart from the "
        "others. All continuations of all beginnings compete with each other, and "
        "the best `width` go on. What if they all grow from the same beginning?",
    ),
    Mistake(
        "logarithm_held_up",
        {"log_softmax(scores)": "np.log(np.exp(log_softmax(scores)) + 1e-12)"},
        "A small number, or a floor, holds up your logarithms. What begins most "
        "improbably may go on for sure, and be the best in the end: each token "
        "needs its own logarithm, however low.",
        others=(
            {"log_softmax(scores)": "np.maximum(log_softmax(scores), np.log(1e-9))"},
            {"log_softmax(scores)": "np.log(np.exp(log_softmax(scores)) + 1e-9)"},
        ),
    ),
    Mistake(
        "one_for_each_number",
        {
            "grown = []": "grown = {}",
            "grown.append(([*tokens, token], log_p + float(gain), new))": "grown["
            "log_p + float(gain)] = [*tokens, token], log_p + float(gain), new",
            "sorted(grown, key": "sorted(grown.values(), key",
        },
        "Two beginnings may have the same log-probability, and you keep only one "
        "of them. Do you put them away by this number, as in a dict?",
    ),
    Mistake(
        "sorted_by_state",
        {
            "sorted(grown, key=lambda found: -found[1])": "[(c, a, b) for a, b, c "
            "in sorted(((p, s, t) for t, p, s in grown), reverse=True)]",
        },
        "Where two log-probabilities are equal, Python goes on to what stands "
        "behind them in your tuples, and cannot tell which of two arrays is the "
        "larger. Of the tuple one thing alone should decide.",
    ),
)
