"""Labels by which a model can choose a specialist, and how likely it found each of them."""

import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from openai.types.chat.chat_completion_token_logprob import ChatCompletionTokenLogprob

BEGINNING = 3
"""No two labels share their first three letters: no tokenizer in use starts a name with a shorter piece."""

WORD = re.compile(r"[A-Z]?[^A-Z]+|[A-Z]+")


def labels_of(names: Iterable[str]) -> dict[str, str]:
    """Map each label to its name: the name itself, or its words rotated if another label starts the same way."""
    found: dict[str, str] = {}
    # If two names start alike, the simpler one keeps its own.
    for name in sorted(names, key=lambda name: len(WORD.findall(name))):
        taken = {label[:BEGINNING].lower() for label in found}
        words = WORD.findall(name)
        turned = ["".join(words[at:] + words[:at]) for at in range(len(words))]
        numbered = (f"{number}{name}" for number in range(len(found) + 1))
        found[next(one for one in (*turned, *numbered) if one[:BEGINNING].lower() not in taken)] = name
    return found


def likelihoods(tokens: Sequence[ChatCompletionTokenLogprob], labels: Collection[str]) -> dict[str, float]:
    """Return the log-probability of each label that appears among the reply's tokens, normalized to sum to 1.

    A label's log-probability is summed over its tokens up to the first that rules out every other label. Tokens that
    match
    no label are ignored.
    """
    paths, said, before = defaultdict[str, dict[str, float]](dict), "", 0.0
    for token in tokens:
        might = {top.token: top.logprob for top in token.top_logprobs} | {token.token: token.logprob}
        for piece, weight in might.items():
            begun = _begun(said + piece, labels)
            if len(begun) == 1:
                # However it continues, this is the label; a different tokenization of it is a separate path.
                paths[begun[0]][said + piece] = before + weight
        said, before = said + token.token, before + token.logprob
        if len(_begun(said, labels)) == 1:
            break
    return _normalized({label: _sum(weights.values()) for label, weights in paths.items()})


def margin(weights: Mapping[str, float]) -> tuple[float, str]:
    """Return the probability gap between the two likeliest labels, and which label comes second."""
    ranked = sorted(weights, key=lambda label: -weights[label])
    if len(ranked) < 2:  # noqa: PLR2004 - there is no second label
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
    """Add probabilities given as logarithms (log-sum-exp)."""
    found = list(weights)
    most = max(found, default=0.0)
    return most + math.log(sum(math.exp(one - most) for one in found)) if found else 0.0
