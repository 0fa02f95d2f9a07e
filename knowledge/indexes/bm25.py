"""BM25 over the words of passages, in a tantivy index.

tantivy rather than bm25s: at 30,000 passages it builds in 0.6 s (bm25s: 1.0), updates one passage in 15 ms while bm25s
rebuilds everything, commits atomically, and memory-maps its files while bm25s holds the index in each process's
memory. bm25s answers in 0.2 ms, tantivy in 0.8.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from tantivy import Document, Index, IndexWriter, Occur, Query, SchemaBuilder

from knowledge.indexes.vectors import Hit

WRITER_MEMORY = 50_000_000
COMMIT_EVERY = 5_000
"""Passages per commit; each commit waits for the disk, and uncommitted passages are indexed again after a kill."""


class WordIndex:
    """The passages' words on disk; `reload` picks up what another process committed."""

    def __init__(self, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True)
        builder = SchemaBuilder()
        builder.add_text_field("passage_id", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("language", tokenizer_name="raw", index_option="basic")
        builder.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
        self._schema = builder.build()
        self._index = Index(self._schema, path=str(path))
        self._writer: IndexWriter | None = None
        self._known = set[str]()
        self._uncommitted = 0

    @property
    def count(self) -> int:
        """The number of passages."""
        return self._index.searcher().num_docs

    def frequency(self, word: str) -> int:
        """Return how many passages contain a word."""
        return self._index.searcher().doc_freq("words", word)

    def add(self, passages: Iterable[tuple[str, str, Sequence[str]]]) -> None:
        """Add passages (id, language, words), replacing those with the same id."""
        writer = self._writing()
        for passage_id, language, words in passages:
            if passage_id in self._known:
                writer.delete_documents_by_term("passage_id", passage_id)
            writer.add_document(Document(passage_id=passage_id, language=language, words=" ".join(words)))
            self._uncommitted += 1
        if self._uncommitted >= COMMIT_EVERY:
            writer.commit()
            self._uncommitted = 0

    def remove(self, passage_ids: Iterable[str]) -> None:
        """Remove passages."""
        for passage_id in passage_ids:
            self._writing().delete_documents_by_term("passage_id", passage_id)

    def commit(self) -> None:
        """Commit additions and removals, and make them visible."""
        if self._writer is not None:
            writer, self._writer = self._writer, None
            writer.commit()
            writer.wait_merging_threads()
            self._index.reload()

    def _writing(self) -> IndexWriter:
        if self._writer is None:
            self._writer, self._known, self._uncommitted = (
                self._index.writer(WRITER_MEMORY, num_threads=1),
                self.ids(),
                0,
            )
        return self._writer

    def ids(self) -> set[str]:
        """Return the ids of all passages."""
        searcher = self._index.searcher()
        hits = searcher.search(Query.all_query(), max(1, searcher.num_docs)).hits
        return {str(searcher.doc(address)["passage_id"][0]) for _, address in hits}

    def best(self, words: Iterable[str], language: str, limit: int, *, others: bool = False) -> list[Hit]:
        """Return the best-scoring passages for these words; in all other languages if `others`."""
        spoken = Query.const_score_query(Query.term_query(self._schema, "language", language), 0.0)
        terms = [(Occur.Should, Query.term_query(self._schema, "words", word)) for word in sorted(set(words))]
        if not terms:
            return []
        any_word = (Occur.Must, Query.boolean_query(terms))
        query = Query.boolean_query([any_word, (Occur.MustNot if others else Occur.Must, spoken)])
        searcher = self._index.searcher()
        return [
            Hit(str(searcher.doc(address)["passage_id"][0]), score)
            for score, address in searcher.search(query, limit).hits
        ]
