"""Documents as database rows."""

from collections.abc import Sequence

from knowledge.reading.documents import Source
from storage.handbook.intake import Written


def rows_of(sources: Sequence[Source]) -> Written:
    """Return the rows of these documents."""
    passages = [
        {
            "id": piece.id,
            "document_key": source.key,
            "number": piece.number,
            "section": piece.section,
            "text": piece.text,
            "asked": piece.asked,
        }
        for source in sources
        for piece in source.pieces
    ]
    replacements = [
        {"document_key": source.key, "policy_id": policy_id}
        for source in sources
        for policy_id in dict.fromkeys(source.heading.replaces)
    ]
    return Written([_document(source) for source in sources], passages, replacements)


def _document(source: Source) -> dict[str, object]:
    heading = source.heading
    return {
        "key": source.key,
        "policy_id": heading.id,
        "language": heading.language,
        "title": heading.title,
        "category": heading.category,
        "effective_date": heading.effective_date,
        "expires": heading.expires,
        "source": source.place,
        "sha256": source.sha256,
        "text": source.text,
    }
