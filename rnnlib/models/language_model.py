"""A model of the next token."""

from typing import Any

import numpy as np

from rnnlib._typing import Array, Rng
from rnnlib.models.tagger import Tagger
from rnnlib.recurrent import Layer, check_causal
from rnnlib.vocab import Vocabulary

__all__ = ["LanguageModel"]


class LanguageModel(Tagger):
    """Say at each step which token comes next; the state is carried over.

               x_2    x_3       x_T+1        the targets are the inputs,
                ^      ^          ^          one step later
        h_0 -> h_1 -> h_2 -> ... h_T -> the next chunk
                ^      ^          ^
               x_1    x_2        x_T

    To generate, each token that is chosen is fed back as the next input:
    `rnnlib.generate`.

    Parameters
    ----------
    layer : Recurrent or Stacked
        With input size V: over a cell that takes V tokens, or an `Embedding` of them.
        It must not look ahead, so it cannot be `Bidirectional`.
    rng : numpy.random.Generator
        Draws the output's weights.
    dropout : float
        Share of the hidden state that is dropped in training, before the output.
    vocabulary : Vocabulary, optional
        The V symbols, so that a text can be the prompt of `generate`.

    Attributes
    ----------
    params : dict
        Those of the layer as `recurrent.W_hh`, and output.W_hy, output.b_y.

    Raises
    ------
    ValueError
        If the layer reads from right to left, too, or the vocabulary has another size.

    References
    ----------
    Mikolov et al., "Recurrent neural network based language model", 2010.

    Examples
    --------
    >>> from rnnlib import LSTMCell, Recurrent
    >>> rng = np.random.default_rng(0)
    >>> model = LanguageModel(Recurrent(LSTMCell(5, 8, rng=rng)), rng=rng)
    >>> logits, state = model.step(np.array([1, 4]), model.start(2))
    >>> logits.shape
    (2, 5)
    >>> model
    LanguageModel(Recurrent(LSTMCell(5, 8)))
    """

    def __init__(
        self,
        layer: Layer,
        *,
        rng: Rng,
        dropout: float = 0.0,
        vocabulary: Vocabulary | None = None,
    ) -> None:
        V = check_causal(layer).input_size
        super().__init__(layer, V, rng=rng, dropout=dropout, vocabulary=vocabulary)

    def config(self) -> dict[str, Any]:
        """Return the arguments that make a model like this one."""
        options = super().config()
        return {name: options[name] for name in ("layer", "dropout", "vocabulary")}

    def start(self, batch_size: int) -> Any:
        """Return the state before the first token."""
        return self.parts["recurrent"].initial_state(batch_size)

    def step(self, tokens: Array, state: Any) -> tuple[Array, Any]:
        """Return scores (B, V) of what follows tokens (B,), and the new state."""
        y, state = self.logits(np.asarray(tokens)[None], state)
        return y[0], state
