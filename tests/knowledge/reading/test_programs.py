"""Pages as word processors, help centres and frameworks write them: Word, Google Docs, Tailwind, Next.js, Markdown."""

import pytest

from knowledge.reading.formats.html import read_page
from knowledge.reading.formats.markdown import read_markdown


def page(body: str, head: str = "") -> bytes:
    return f"<html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>".encode()


@pytest.mark.parametrize("title", ["<p class=MsoTitle>{}</p>", "<p class='c1 title' id='h.x1'><span>{}</span></p>"])
def test_the_title_of_a_word_processors_document_is_its_title(title: str) -> None:
    draft = read_page(page(f"{title.format('Warranty')}<h1>What is covered</h1><p>Wood, for 5 years.</p>"))

    assert draft.told["title"] == "Warranty"
    assert draft.text == "# Warranty\n\n# What is covered\n\nWood, for 5 years."


@pytest.mark.parametrize(
    "mark",
    [
        "<span style='font-family:Wingdings'>l<span style='font:7.0pt \"Times New Roman\"'>&nbsp; </span></span>",
        "<span style='font-family:Symbol'>·<span style='font:7.0pt'>&nbsp;&nbsp; </span></span>",
        "<span style='font-family:\"Courier New\"'>o<span style='font:7.0pt'>&nbsp; </span></span>",
        "<span class=bullet>l</span>",
    ],
)
def test_a_letter_that_a_font_of_pictures_shows_as_a_bullet_is_one(mark: str) -> None:
    head = "<style>.bullet{font-family:Webdings}</style>"

    assert read_page(page(f"<p class=MsoListParagraph>{mark}Strings stay.</p>", head)).text == "- Strings stay."


def test_a_note_whose_mark_stands_in_brackets_is_named_as_its_mark_is() -> None:
    body = (
        "<p>Two years<sup><a href='#ftnt1'>[1]</a></sup> on electronics, five <a href='#n2'>[2]</a> on wood.</p>"
        "<div><p><a href='#ftnt_ref1'>[1]</a><span>&nbsp;Batteries excluded.</span></p></div>"
    )

    assert read_page(page(body)).text.split("\n\n") == [
        "Two years (note 1) on electronics, five (note 2) on wood.",
        "Note 1: Batteries excluded.",
    ]


def test_markdowns_notes_are_named_as_their_marks_are() -> None:
    text = "Pay in four parts[^1], or ask[^fees].\n\n[^1]: Three below 500.\n[^fees]: It is\n    free.\n[t]: http://a\n"

    assert read_markdown(text.encode()).text.split("\n\n") == [
        "Pay in four parts (note 1), or ask (note 2).",
        "Note 1: Three below 500.",
        "Note 2: It is free.",
    ]


def test_a_part_of_a_line_that_is_not_read_aloud_is_seen_and_an_icons_name_is_not() -> None:
    body = (
        "<p>£4<span aria-hidden=true>.50</span> <i class='material-icons' aria-hidden=true>check</i>a parcel</p>"
        "<div aria-hidden=true>Next slide</div>"
    )

    draft = read_page(page(body))

    assert draft.text == "£4.50 a parcel"
    assert [(one.why, one.text, one.lost) for one in draft.left] == [
        ("hidden (an icon)", "check", False),
        ("hidden (aria-hidden)", "Next slide", True),
    ]


def test_late_parts_of_a_streamed_page_stand_where_its_script_puts_them() -> None:
    body = (
        '<main><h1>Returns</h1><!--$?--><template id="B:0"></template><p>Loading…</p><!--/$--><p>Ask us.</p></main>'
        '<div hidden id="S:0"><p>Within 30 days.</p></div><script>$RC("B:0","S:0")</script>'
    )

    draft = read_page(page(body))

    assert draft.text.split("\n\n") == ["# Returns", "Within 30 days.", "Ask us."]
    assert not draft.left


def test_a_help_centres_vote_is_no_part_of_its_article() -> None:
    said = "Send it back within 30 days, in its case and with its tags; we refund within 5 working days."
    vote = "<div class=article-votes><span class=article-votes-question>Helpful?</span><p>7 of 9 said yes.</p></div>"

    assert read_page(page(f"<article><h1>Returns</h1><p>{said}</p>{vote}</article>")).text == f"# Returns\n\n{said}"
