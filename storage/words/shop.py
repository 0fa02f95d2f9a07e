"""The messages that several packages say: reasons of steps, and a customer's whole name."""

from pathlib import Path

from storage.words.catalogue import Catalogue

WORDS = Catalogue(Path(__file__).parent)
