"""What a text file says of itself before its text, in YAML between two lines of `---`."""

import frontmatter
import yaml  # type: ignore[import-untyped]  # it has no types of its own

from knowledge.reading.documents import DocumentRefusedError


def split_front_matter(text: str) -> tuple[dict[str, object], str]:
    """Return what a text says of itself, and the text.

    Raises:
        DocumentRefusedError: its front matter is not YAML.
    """
    try:
        post = frontmatter.loads(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise DocumentRefusedError("its front matter is not YAML") from error
    return dict(post.metadata), post.content
