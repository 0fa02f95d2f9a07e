"""The glossary's data: which words of a shop mean the same."""

import tomllib
from collections import defaultdict

from knowledge.glossary import GLOSSARY, stemmer


def test_no_word_of_the_glossary_has_two_meanings() -> None:
    meant = defaultdict(set)
    for meaning, words in tomllib.loads(GLOSSARY.read_text())["meaning"].items():
        for word in words["en"]:
            meant[" ".join(stemmer().analyze(word))].add(meaning)
        for word in words["ko"]:
            meant["".join(word.split())].add(meaning)

    assert {word: meanings for word, meanings in meant.items() if len(meanings) > 1} == {}
