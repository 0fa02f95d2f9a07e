"""What a ticket's customer reads of a change to it: the messages of `en.ftl` and `ko.ftl`."""

from pathlib import Path

from storage.words.catalogue import Catalogue

WORDS = Catalogue(Path(__file__).parent)
