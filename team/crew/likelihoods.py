"""Labels that a model can choose a specialist by, and how likely each was to it."""

import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from openai.types.chat.chat_completion_token_logprob import ChatCompletionTokenLogprob

BEGINNING = 3
"""Letters in which no two labels begin alike: no tokenizer in use begins a name with a shorter piece."""

WORD = re.compile(r"[A-Z]?[^A-Z]+|[A-Z]+")


def labels_of(names: Iterable[str]) -> dict[str, str]:
    """Return the name behind each label: the name itself, or its words in another order where two begin alike."""
    found: dict[str, str] = {}
    # Of two names that begin alike the simpler one keeps its own.
    for name in sorted(names, key=lambda name: len(WORD.findall(name))):
        taken = {label[:BEGINNING].lower() for label in found}
        words = WORD.findall(name)
        turned = ["".join(words[at:] + words[:at]) for at in range(len(words))]
        numbered = (f"{number}{name}" for number in range(len(found) + 1))
        found[next(one for one in (*turned, *numbered) if one[:BEGINNING].lower() not in taken)] = name
    return found


def likelihoods(tokens: Sequence[ChatCompletionTokenLogprob], labels: Collection[str]) -> dict[str, float]:
    """Return the log-probability of each label that the reply's tokens tell of; together they are as good as certain.

    A label's is the sum over its tokens up to the one that tells it from all others. What the model thought of anything
    that is no label is left out.
    """
    paths, said, before = defaultdict[str, dict[str, float]](dict), "", 0.0
    for token in tokens:
        might = {top.token: top.logprob for top in token.top_logprobs} | {token.token: token.logprob}
        for piece, weight in might.items():
            begun = _begun(said + piece, labels)
            if len(begun) == 1:
                # However it goes on, this is the label; another way to write it is another path there.
                paths[begun[0]][said + piece] = before + weight
        said, before = said + token.token, before + token.logprob
        if len(_begun(said, labels)) == 1:
            break
    return _normalized({label: _sum(weights.values()) for label, weights in paths.items()})


def margin(weights: Mapping[str, float]) -> tuple[float, str]:
    """Return by how much the likeliest label's probability is above the next one's, and which that is."""
    ranked = sorted(weights, key=lambda label: -weights[label])
    if len(ranked) < 2:  # noqa: PLR2004 - nothing comes next
        return 1.0, ""
    first, second = ranked[:2]
    return math.exp(weights[first]) - math.exp(weights[second]), second


def _begun(said: str, labels: Collection[str]) -> list[str]:
    beginning = said.strip()
    return [label for label in labels if beginning and label.startswith(beginning)]


def _normalized(weights: Mapping[str, float]) -> dict[str, float]:
    total = _sum(weights.values())
    return {label: round(weight - total, 3) for label, weight in weights.items()}


def _sum(weights: Iterable[float]) -> float:
    """Of log-probabilities: that of any of them."""
    found = list(weights)
    most = max(found, default=0.0)
    return most + math.log(sum(math.exp(one - most) for one in found)) if found else 0.0
