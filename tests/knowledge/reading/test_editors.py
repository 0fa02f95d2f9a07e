"""Pages as shops' editors and boards write them: without headings, marked cells, or text for what a picture shows."""

import pytest

from knowledge.reading.formats.html import read_page


def page(body: str) -> bytes:
    return f"<html><head><meta charset=utf-8></head><body>{body}</body></html>".encode()


@pytest.mark.parametrize(
    ("label", "after"),
    [
        ("<p><span class=big><b>배송비</b></span></p>", "<p>3,000원입니다.</p>"),
        ("<b>배송비</b><br>", "- 3,000원입니다."),
        ("<p><strong>배송비</strong> <br/>", "3,000원입니다.</p>"),
        ("<div><span style='color:red;font-weight:700'>배송비</span></div>", "<div>3,000원입니다.</div>"),
    ],
)
def test_a_line_in_bold_is_the_heading_of_what_follows_where_a_page_has_no_others(label: str, after: str) -> None:
    told = read_page(page(f"<p>안내드립니다.</p>{label}{after}")).text

    assert told.partition("\n\n")[2] in {"#### 배송비\n\n3,000원입니다.", "#### 배송비\n\n- 3,000원입니다."}


def test_a_line_in_bold_under_headings_is_a_label_so_that_its_text_keeps_its_heading() -> None:
    body = "<h2>Delivery</h2><p><b>Islands</b></p><p>Four days.</p><h2>Returns</h2><p>Free.</p>"

    assert read_page(page(body)).text == "## Delivery\n\nIslands:\n\nFour days.\n\n## Returns\n\nFree."


@pytest.mark.parametrize(
    "body",
    [
        "<p><b>Sale items cannot be returned.</b></p><p>Others can.</p>",
        "<p>We are <b>closed</b> on Sundays</p><p>Others can.</p>",
        "<p>Hours: <b>9 to 5</b></p><p>Others can.</p>",
        "<p>Others can.</p><p><b>Thank you</b></p>",
        "<p><b>Thank you</b></p><p><b>Your team</b></p>",
    ],
)
def test_words_in_bold_that_stand_over_nothing_are_text(body: str) -> None:
    assert "#" not in read_page(page(body)).text


def test_a_second_row_that_divides_what_the_first_names_together_names_its_columns_too() -> None:
    rows = (
        "<tr><td rowspan=2>Region</td><td colspan=2>Postage</td></tr><tr><td>Parcel</td><td>Pallet</td></tr>"
        "<tr><td>North</td><td>3</td><td rowspan=2>60</td></tr><tr><td>South</td><td>5</td></tr>"
    )

    assert read_page(page(f"<table>{rows}</table>")).text.split("\n\n") == [
        "Region: North; Postage / Parcel: 3; Postage / Pallet: 60.",
        "Region: South; Postage / Parcel: 5; Postage / Pallet: 60.",
    ]


def test_the_questions_of_a_board_have_their_own_answers() -> None:
    rows = "".join(
        f"<tr><td>{number}</td><td><a href='#none'>{asked}</a></td></tr>"
        f"<tr style='display:none'><td colspan=2><div>{said}</div></td></tr>"
        for number, asked, said in ((2, "유통기한은 얼마인가요?", "36개월입니다."), (1, "비건인가요?", "네, 모두."))
    )
    table = f"<table><thead><tr><th>번호</th><th>제목</th></tr></thead><tbody>{rows}</tbody></table>"

    told = read_page(page(table)).text

    assert told == "### 유통기한은 얼마인가요?\n\n36개월입니다.\n\n### 비건인가요?\n\n네, 모두."


def test_pictures_that_may_hold_words_are_named_and_decoration_is_not() -> None:
    body = "<p>Send it to us.</p><img src=a.jpg alt='Our address: 1 Elm St'><img src=line.png alt=''>"

    assert read_page(page(body)).notes == ["what its picture shows is not read (called “Our address: 1 Elm St”)"]
    assert read_page(page("<p>Send it to us.</p><img src=line.png alt=''>")).notes == []
