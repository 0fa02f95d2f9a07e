"""Pages that their server streams: parts that were late come hidden at the end, and a script puts them in their place.

React does so, and Next.js with it; saved by a program, such a page shows "Loading" where its text belongs.
"""

from itertools import takewhile

from lxml.html import HtmlElement

_END = "<!--/$-->"
_MARK = "shopdesk-streamed-end"
_WAITS, _LATE = "B:", "S:"


def marked_ends(html: str) -> str:
    """Return a page's source in which the ends of what waits for a late part are elements: comments are not read."""
    return html.replace(_END, f'<template class="{_MARK}"></template>') if f'id="{_WAITS}' in html else html


def put_in_place(page: HtmlElement) -> None:
    """Put each late part in the place of what stands there until it comes."""
    late = {
        one.get("id", "").removeprefix(_LATE): one for one in page.iter("div") if one.get("id", "").startswith(_LATE)
    }
    waiting = {one.get("id", "").removeprefix(_WAITS): one for one in page.iter("template") if one.get("id")}
    for name in late.keys() & waiting.keys():
        part, place = late[name], waiting[name]
        if part in place.iterancestors():
            continue
        ends = any(_ends(one) for one in place.itersiblings())
        for one in list(takewhile(lambda one: not _ends(one), place.itersiblings())) if ends else ():
            one.drop_tree()
        part.attrib.pop("hidden", None)
        place.addnext(part)


def _ends(element: HtmlElement) -> bool:
    return bool(element.get("class") == _MARK)
