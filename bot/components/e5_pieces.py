"""A text cut into E5's vocabulary pieces: SentencePiece's unigram model, for Latin writing.

Written here because the library for it keeps 290 MB for this vocabulary; the pieces of Latin writing in a dictionary
are 40 MB. Other writing becomes «unknown», and is not understood here anyway (bot/components/language.py).
"""

import re
from array import array
from functools import lru_cache

from bot.components.e5_weights import E5Weights

_WORD_BEGIN = "▁"
_LAST_LATIN_LETTER = "ɏ"
# What an unknown character costs, below the worst piece.
_UNKNOWN_PENALTY = 10.0
_WORDS_REMEMBERED = 8192


class PieceVocabulary:
    """The pieces with their ids and log-probabilities."""

    def __init__(self, weights: E5Weights) -> None:
        self._numbers = {piece: number for number, piece in enumerate(weights.pieces) if _is_latin(piece)}
        self._scores = array("f", weights.scores)
        self._normalisation = weights.normalisation
        self._unknown_id = weights.unknown_id
        self._scores[self._unknown_id] = min(weights.scores) - _UNKNOWN_PENALTY
        self._longest = max(map(len, self._numbers))
        self._ids_of_word = lru_cache(_WORDS_REMEMBERED)(self._likeliest_cut)

    def ids(self, text: str) -> list[int]:
        """The ids of the likeliest cut of the text."""
        normalised = re.sub(" {2,}", " ", text.translate(self._normalisation))
        # No piece goes beyond a word.
        words = normalised.removeprefix(" ").split(" ")
        return [number for word in words for number in self._ids_of_word(_WORD_BEGIN + word)]

    def _likeliest_cut(self, text: str) -> list[int]:
        """Viterbi's algorithm: for each place the best way to get there from the beginning."""
        best = [0.0] + [float("-inf")] * len(text)
        came: list[tuple[int, int]] = [(0, 0)] * (len(text) + 1)
        for start in range(len(text)):
            for end in range(start + 1, min(start + self._longest, len(text)) + 1):
                number = self._numbers.get(text[start:end])
                if number is None:
                    if end > start + 1:
                        continue
                    number = self._unknown_id
                if best[start] + self._scores[number] > best[end]:
                    best[end], came[end] = best[start] + self._scores[number], (start, number)
        ids, place = [], len(text)
        while place > 0:
            place, number = came[place]
            ids.append(number)
        return ids[::-1]


def _is_latin(piece: str) -> bool:
    return all(not char.isalpha() or char <= _LAST_LATIN_LETTER for char in piece)
