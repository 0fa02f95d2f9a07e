"""Plain text, which may begin with front matter."""

import re

from knowledge.reading.documents import Draft
from knowledge.reading.formats.encoding import decode
from knowledge.reading.formats.front_matter import split_front_matter

_LIKE_A_HEADING = re.compile(r"^([^\S\n]*+)#", re.MULTILINE)


def read_plain(data: bytes) -> Draft:
    """Read plain text, in which a line that begins with `#` is no heading."""
    told, text = split_front_matter(decode(data))
    return Draft(_LIKE_A_HEADING.sub(r"\1＃", text), told)
