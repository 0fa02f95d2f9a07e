"""FAQ boards that are tables, as Cafe24, Gnuboard, GodoMall and shops' own editors write them."""

import pytest

from knowledge.reading.documents import DocumentRefusedError
from knowledge.reading.formats.html import read_faq, read_page

ASKED = (("배송", "배송 기간 안내", "2일 걸립니다."), ("교환", "줄 교환하기", "뜯지 않았으면 됩니다."))
CSS = "<style>.displaynone{display:none !important}</style>"


def page(body: str) -> bytes:
    return f"<html><head><meta charset=utf-8>{CSS}</head><body>{body}</body></html>".encode()


CAFE24 = (
    "<tr class=xans-record-><td>{n}</td><td>{kind}</td><td class=subject><a href='#none' onclick='open()'>{q}</a></td>"
    "<td>관리자</td></tr><tr class='content displaynone'><td colspan=4><p>{a}</p></td></tr>"
)
GODOMALL = (
    "<tr class=js_faq_question><td>{n}</td><td>{kind}</td><td><a href='javascript:void(0)'><b>{q}</b></a></td><td>"
    "</td></tr>"
    "<tr class=js_faq_answer style='display:none'><td></td><td></td><td><div>{a}</div></td><td></td></tr>"
)
NAMES = "<thead><tr><th>번호</th><th>분류</th><th>제목</th><th>작성자</th></tr></thead>"


@pytest.mark.parametrize("row", [CAFE24, GODOMALL])
@pytest.mark.parametrize("read", [read_page, read_faq])
def test_each_question_of_a_board_has_its_answer_and_its_category(row: str, read: object) -> None:
    assert callable(read)
    rows = "".join(row.format(n=n, kind=kind, q=q, a=a) for n, (kind, q, a) in enumerate(ASKED))

    told = read(page(f"<h2>FAQ</h2><table>{NAMES}{rows}</table><p>02-123-4567로 전화해 주세요.</p>")).text

    assert told.replace("### ", "## ").removeprefix("## FAQ\n\n").split("\n\n") == [
        *(line for kind, q, a in ASKED for line in (f"## {q}", f"분류: {kind}. {a}")),
        "## FAQ",
        "02-123-4567로 전화해 주세요.",
    ]


@pytest.mark.parametrize(
    "row",
    [
        "<tr class=q onclick='open({n})'><td>{n}</td><td>{q}</td></tr>"
        "<tr style='display:none'><td>&nbsp;</td><td>{a}</td></tr>",
        "<tr><th>Q{n}.</th><td>{q}</td></tr><tr><th>A{n}.</th><td>{a}</td></tr>",
        "<tr><td>{q}?</td><td>{a}</td></tr>",
        "<tr><td>{n}</td><td>{q}?</td></tr><tr><td colspan=2>{a}</td></tr>",
    ],
)
def test_questions_with_answers_below_or_beside_them_are_found_in_any_table(row: str) -> None:
    rows = "".join(row.format(n=n, q=q, a=a) for n, (_, q, a) in enumerate(ASKED, start=1))

    told = read_faq(page(f"<table>{rows}</table>")).text

    assert told.replace("?", "").split("\n\n") == [line for _, q, a in ASKED for line in (f"## {q}", a)]


@pytest.mark.parametrize(
    "rows",
    [
        "<tr><td>2</td><td><a href=/2>배송?</a></td></tr><tr><td>1</td><td><a href=/1>반품?</a></td></tr>",
        "<tr><td>서울</td><td>1일</td></tr><tr><td colspan=2>토요일에도</td></tr>"
        "<tr><td>제주</td><td>3일</td></tr><tr><td colspan=2>풍랑 제외</td></tr>",
        "<tr><th>Item</th><th>Covered?</th></tr><tr><td>Bow</td><td>Yes</td></tr><tr><td>Strings</td><td>No</td></tr>",
    ],
)
def test_other_tables_are_no_boards(rows: str) -> None:
    with pytest.raises(DocumentRefusedError, match="no question with an answer"):
        read_faq(page(f"<table>{rows}</table>"))


def test_what_goes_over_all_columns_below_each_row_is_said_of_that_row() -> None:
    rows = (
        "<tr><td>Seoul</td><td>1 day</td></tr><tr><td colspan=2>Also on Saturdays</td></tr>"
        "<tr><td>Jeju</td><td>3 days</td></tr><tr><td colspan=2>Not in storms</td></tr>"
    )

    assert read_page(page(f"<table>{rows}</table>")).text.split("\n\n") == [
        "Seoul; 1 day; Also on Saturdays.",
        "Jeju; 3 days; Not in storms.",
    ]


def test_a_first_row_over_all_columns_is_said_once_of_each_row_and_names_no_column() -> None:
    rows = "<tr><td colspan=2><b>Late fees</b></td></tr><tr><td>1 to 5 days</td><td>$2 a day</td></tr>"

    assert read_page(page(f"<table>{rows}</table>")).text == "Late fees; 1 to 5 days; $2 a day."


def test_gnuboards_list_of_questions_has_neither_its_numbers_nor_its_badge() -> None:
    items = "".join(
        f"<li><h3><span class=tit_bg>Q</span><a href='#none' onclick='return faq_open(this);'>{q}</a></h3>"
        f"<div class=con_inner style='display:none'><p>{a}</p></div></li>"
        for _, q, a in ASKED
    )

    told = read_faq(page(f"<section id=faq_con><ol>{items}</ol></section>")).text

    assert told.split("\n\n") == [line for _, q, a in ASKED for line in (f"## {q}", a)]


def test_the_mark_of_a_lists_item_stands_before_its_first_paragraph() -> None:
    items = "<li><p>Call us.</p><p>Then wait.</p></li><li></li><li>Sign:<ul><li><p>here</p></li></ul></li><li></li>"

    assert read_page(page(f"<ol>{items}</ol><p>Done.</p>")).text.split("\n\n") == [
        "1) Call us.",
        "Then wait.",
        "3) Sign:",
        "- here",
        "Done.",
    ]
