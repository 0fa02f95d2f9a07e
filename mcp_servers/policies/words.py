"""What clients show of the policies: the messages of `en.ftl` and `ko.ftl`."""

from pathlib import Path

from storage.words.catalogue import Catalogue

WORDS = Catalogue(Path(__file__).parent)
