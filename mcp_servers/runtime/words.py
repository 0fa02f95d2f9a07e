"""What the runtime itself says to a customer: the messages of `en.ftl` and `ko.ftl`."""

from pathlib import Path

from storage.words.catalogue import Catalogue

WORDS = Catalogue(Path(__file__).parent)
