"""Plain Chroma and plain BM25 (tantivy) over the same passages, each in a separate process.

Each is used the way its library's first page shows: no languages, no effective dates, no rows, no HTTP. Chroma gets the
same vectors, and questions are embedded for it as well; tantivy uses its default tokenizer.
"""

import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from knowledge.indexes.batches import batched
from knowledge.indexes.embed import OfflineEmbedder
from knowledge.reading.reader import Request, read_source
from scripts.bench.growing.figures import KIB, Figures, percentiles, size_of
from scripts.bench.load import Times
from scripts.bench.questions import QUESTIONS, read_questions

CHROMA_BATCH = 5_000
"""The most it accepts."""
SHOWN = 5

Passage = tuple[str, str]
Ask = Callable[[str], object]


def plain_chroma(place: Path, passages: Iterator[Passage]) -> Ask:
    """Put the passages into a collection; return a function that queries it."""
    import chromadb
    from chromadb.config import Settings

    embedder = OfflineEmbedder()
    client = chromadb.PersistentClient(str(place), settings=Settings(anonymized_telemetry=False))
    collection = client.create_collection(
        "passages", configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
    )
    for batch in batched(passages, CHROMA_BATCH):
        ids, texts = zip(*batch, strict=True)
        collection.add(ids=list(ids), embeddings=embedder.embed(texts), documents=list(texts))
    return lambda question: collection.query(query_embeddings=embedder.embed([question]), n_results=SHOWN)


def plain_tantivy(place: Path, passages: Iterator[Passage]) -> Ask:
    """Put the passages into an index; return a function that queries it."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    builder.add_text_field("text", stored=True)
    place.mkdir()
    index = tantivy.Index(builder.build(), path=str(place))
    writer = index.writer()
    for passage_id, text in passages:
        writer.add_document(tantivy.Document(id=passage_id, text=text))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def ask(question: str) -> object:
        query, _ = index.parse_query_lenient(question, ["text"])
        return [searcher.doc(address)["text"] for _, address in searcher.search(query, SHOWN).hits]

    return ask


RIVALS = {"chroma": ("plain Chroma", plain_chroma), "tantivy": ("plain BM25", plain_tantivy)}


def passages_of(pages: Path) -> Iterator[Passage]:
    """Yield the id and text of each passage of these pages."""
    for path in sorted(pages.rglob("*.md")):
        for piece in read_source(Request(path, str(path))).pieces:
            yield piece.id, f"{piece.section}\n{piece.text}"


def measure(name: str, pages: Path, place: Path, passages: int) -> Figures:
    """Index the pages, and ask every question once."""
    what, build = RIVALS[name]
    began, began_cpu = time.perf_counter(), time.process_time()
    ask = build(place, passages_of(pages))
    took, cpu, memory = time.perf_counter() - began, time.process_time() - began_cpu, _most_memory()
    first, *times = (each.text for each in read_questions(QUESTIONS))
    before, warm = _asked(ask, [first]), time.process_time()
    after = _asked(ask, times)
    warm_cpu = (time.process_time() - warm) / len(times)
    disk = size_of(place)
    return Figures(
        what, passages, took, cpu, memory, disk, before.calls[0], *percentiles(after), warm_cpu, _most_memory()
    )


def _asked(ask: Ask, questions: Sequence[str]) -> Times:
    times = Times()
    for question in questions:
        began = time.perf_counter()
        ask(question)
        times.calls.append(time.perf_counter() - began)
    return times


def _most_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIB


if __name__ == "__main__":
    _, name, pages, place, count = sys.argv
    print(measure(name, Path(pages), Path(place), int(count)).to_json())
