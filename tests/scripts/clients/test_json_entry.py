"""An entry set in any JSON file leaves the rest of it as it was."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.clients.json_entry import find_entry, with_entry

ENTRY = {"command": "/bin/shopdesk", "args": ["mcp"]}
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
SECTION = st.dictionaries(
    st.text(max_size=5) | st.just("ours"), st.dictionaries(st.text(max_size=3), VALUES, max_size=2)
)
FILES = st.dictionaries(st.text(max_size=5), VALUES, max_size=4).flatmap(
    lambda others: st.just(others) | SECTION.map(lambda servers: others | {"servers": servers})
)


@given(FILES, st.sampled_from([None, 0, 2, "\t"]), st.booleans())
def test_any_file_has_the_entry_and_everything_it_had(
    held: dict[str, Any], indent: int | str | None, comments: bool
) -> None:
    text = json.dumps(held, indent=indent, ensure_ascii=False)

    after = with_entry(text, "servers", "ours", ENTRY, comments=comments)

    servers = held.get("servers", {})
    assert json.loads(after) == held | {"servers": servers | {"ours": ENTRY}}
    assert find_entry(after, "servers", "ours", comments=comments) == ENTRY


@pytest.mark.parametrize(
    "text",
    [
        '{"servers": {"a": {}, /* } */ }, }',
        '{ // { "servers": 1\n}',
        '{"servers": { // none yet\n}}',
        '{"a": "// \\" /* ,}", "servers": {"x": {"u": "http://x"},},}\n',
        '{\r\n  "servers": {\r\n    "x": {}\r\n  }\r\n}\r\n',
        "{}",
        "",
        "  \n",
    ],
)
def test_comments_and_last_commas_stay_where_they_are(text: str) -> None:
    after = with_entry(text, "servers", "ours", ENTRY, comments=True)

    # Without what was added, every character of before is there, in its order.
    rest = iter(after)
    assert all(character in rest for character in text.strip())
    assert find_entry(after, "servers", "ours", comments=True) == ENTRY
    assert ("\r\n" in text) == ("\r\n" in after) == ("\n" not in after.replace("\r\n", "") and "\r\n" in text)
