"""What a page's visitor sees is in the handbook, whatever the page is made with; what is left out is said."""

from pathlib import Path

import pytest

from knowledge.reading.documents import Draft
from knowledge.reading.formats.html import read_faq, read_page
from knowledge.reading.formats.markdown import read_markdown
from tests.knowledge.reading.test_pages import ORDERS, page

SAID = "Parcels to Iceland take 23 days."


def left(draft: Draft) -> list[tuple[str, str, bool]]:
    return [(one.why, one.text, one.lost) for one in draft.left]


@pytest.mark.parametrize(
    "body",
    [
        f"<ul style='font-size:0'><li style='font-size:15px'>{SAID}</li></ul>",
        f"<div style='font: 0/0 a'><p style='font: 14px/1.2 Arial'>{SAID}</p></div>",
        f"<div style='visibility:hidden'><p style='visibility:visible'>{SAID}</p></div>",
        f"<div style='color:#fff'><p style='color:#333'>{SAID}</p></div>",
        f"<div style='text-indent:-9999px'><p style='text-indent:0'>{SAID}</p></div>",
        f"<style>.a{{background:#123}} .a p{{color:#fff}}</style><div class=a><p>{SAID}</p></div>",
        f"<style>:root{{--ink:#fff}} .a{{background:rgb(0 0 0 / 80%)}}</style>"
        f"<div class=a><p style='color:var(--ink)'>{SAID}</p></div>",
        f"<style>.t{{background:linear-gradient(red,blue);-webkit-background-clip:text;color:transparent}}</style>"
        f"<p class=t>{SAID}</p>",
        f"<style>.y{{display:none}} p.x{{display:block}}</style><p class='x y'>{SAID}</p>",
        f"<style>@media (max-width: 600px) {{ p {{display:none}} }} @media print {{ p {{display:none}} }}</style>"
        f"<p>{SAID}",
        f"<style>.b {{display:none}} .a {{ & p {{display:block}} }}</style><div class=a><p class=b>{SAID}</p></div>",
        f"<div data-aos='fade-up' style='opacity:0;transform:translateY(40px)'><p>{SAID}</p></div>",
        f"<style>.card{{opacity:0}} .card.seen{{opacity:1}}</style><div class=card><p>{SAID}</p></div>",
    ],
)
def test_text_is_judged_by_its_own_looks_and_what_it_inherits(body: str) -> None:
    draft = read_page(page(f"<main><h1>Postage</h1><p>We ship.</p>{body}</main>"))

    assert SAID in draft.text
    assert left(draft) == []


OPENED = [
    "<style>.b{max-height:0;overflow:hidden}input:checked~.b{max-height:99vh}</style>"
    "<div><input type=checkbox id=c><label for=c>Iceland</label><div class=b>{}</div></div>",
    "<style>.collapse{display:none}.collapse.in{display:block}</style>"
    "<h4><a data-toggle=collapse href='#c1'>Iceland</a></h4><div id=c1 class='panel-collapse collapse'>{}</div>",
    "<style>.p{max-height:0;overflow:hidden}.active+.p{max-height:9em}</style>"
    "<button>Iceland</button><div class=p>{}</div>",
    "<style>.i p{opacity:0;max-height:0}.i.on p{opacity:1}</style><ul><li class=i><b>Iceland</b><p>{}</p></li></ul>",
    "<button onclick=\"show('x1')\">Iceland</button><hr><div id=x1 style='display:none'>{}</div>",
    "<div class=tab-title aria-expanded=false>Iceland</div><div style='display:none'>{}</div>",
    "<h3 role=tab aria-controls=u2>Iceland</h3><div id=u2 role=tabpanel aria-hidden=true style='display:none'>{}</div>",
    "<div><button>Iceland</button><div x-show=open style='display:none'>{}</div></div>",
    "<b>Iceland</b><div class='MuiCollapse-root' style='height:0;overflow:hidden;visibility:hidden'><p>{}</p></div>",
    "<table><tr><td><a href='#none' onclick=t(1)>아이슬란드</a></td></tr>"
    "<tr style='display:none'><td>{}</td></tr></table>",
    "<dl><dt>Oslo</dt><dd style='display:none'>9 days.</dd><dt>Iceland</dt><dd style='display:none'>{}</dd></dl>",
    "<a href='#ice'>Iceland</a><style>.t{{display:none}}.t:target{{display:block}}</style><div class=t id=ice>{}</div>",
    "<details><summary>Iceland</summary>{}</details>",
    "<p>Iceland</p><div hidden=until-found>{}</div>",
]


@pytest.mark.parametrize("body", OPENED)
def test_what_a_click_opens_is_part_of_the_page_whatever_it_is_made_with(body: str) -> None:
    made = body.replace("{}", SAID).replace("{{", "{").replace("}}", "}")

    assert SAID in read_page(page(f"<main><h1>Postage</h1><p>We ship.</p>{made}</main>")).text


def test_what_nobody_can_open_is_left_out_and_said() -> None:
    draft = read_page(
        page(f"<style>.x{{display:none}}</style><main><h1>Postage</h1><p>We ship.</p><p class=x>{ORDERS}</p>")
    )

    assert draft.text == "# Postage\n\nWe ship."
    assert left(draft) == [("hidden (display: none)", ORDERS, False)]


def test_white_text_is_read_with_the_sheet_saved_beside_its_page_and_named_without_it(tmp_path: Path) -> None:
    head = "<link rel=stylesheet href='Sizes_files/theme.css'>"
    html = page(f"<main><h1>Sizes</h1><p>Ours.</p><div class=dark><p style='color:#fff'>{SAID}</p></div></main>", head)
    path = tmp_path / "Sizes.html"

    without = read_page(html, path)
    (tmp_path / "Sizes_files").mkdir()
    (tmp_path / "Sizes_files" / "theme.css").write_text(".dark { background: #102030 }")
    beside = read_page(html, path)
    elsewhere = read_page(html.replace(b"Sizes_files/theme.css", b"../../etc/passwd"), path)

    assert SAID in beside.text
    assert (
        [(one.text, one.lost) for one in without.left] == [(SAID, True)] == [(x.text, x.lost) for x in elsewhere.left]
    )


@pytest.mark.parametrize(
    "struck", ["<s>30 days</s>", "<del>30 days</del>", "<b style='text-decoration:line-through'>30 days</b>"]
)
def test_struck_out_text_is_left_out_and_said(struck: str) -> None:
    draft = read_page(page(f"<main><h1>Returns</h1><p>Within {struck} <b>45 days</b>.</p></main>"))

    assert draft.text == "# Returns\n\nWithin 45 days."
    assert left(draft) == [("struck out", "30 days", False)]
    assert left(read_markdown(b"# Returns\n\nWithin ~~30 days~~ 45 days.")) == [("struck out", "30 days", False)]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Delivery takes 3<sup>1</sup> days.", "Delivery takes 3 days (note 1)."),
        ("Free<sup><a href=#n>[2]</a></sup> for members.", "Free (note 2) for members."),
        ("Within 10<sup>2</sup> days.", "Within 10 days (note 2)."),
        ("Up to 10<sup>2</sup> kg and 0.5 m<sup>3</sup>.", "Up to 10^2 kg and 0.5 m³."),
        (
            "The 1<sup>st</sup> parcel of Acme<sup>®</sup>, CO<sub>2</sub> neutral.",
            "The 1st parcel of Acme®, CO2 neutral.",
        ),
        ("<sup>1</sup> Except islands.", "Note 1: Except islands."),
        ("7<span style='vertical-align:super'>1</span>일 안에 도착합니다.", "7일 (note 1) 안에 도착합니다."),
        ("First line<br>second line", "First line second line"),
    ],
)
def test_raised_figures_stay_apart_from_what_they_stand_on(written: str, read: str) -> None:
    assert read_page(page(f"<main><h1>Post</h1><p>{written}</p></main>")).text == f"# Post\n\n{read}"


def test_a_table_with_spans_and_several_header_rows_is_read_as_labelled_cells() -> None:
    body = """<table><thead><tr><th rowspan=2>Region</th><th colspan=2>Standard</th><th colspan=2>Express</th></tr>
    <tr><th>Fee</th><th>Days</th><th>Fee</th><th>Days</th></tr></thead>
    <tr><td colspan=5>Europe</td></tr>
    <tr><td rowspan=2>North</td><td>14<br>EUR</td><td>3</td><td colspan=2>none</td></tr>
    <tr><td>15 EUR</td><td>4</td><td>30 EUR</td><td>1</td></tr></table>
    <table><tr><th>Weight</th><td>20 kg</td></tr><tr><th>Size</th><td>1 m</td></tr></table>
    <table><tr><td>Size</td><td>Chest</td></tr><tr><td>M</td><td>98</td></tr><tr><td>L</td><td>104</td></tr></table>
    <table><tr><td colspan=9999 rowspan=9999>Wide</td></tr></table>"""

    assert read_page(page(f"<main><h1>Rates</h1>{body}</main>")).text.split("\n\n")[1:] == [
        "Europe; Region: North; Standard / Fee: 14 EUR; Standard / Days: 3; Express / Fee: none; Express / Days: none.",
        "Europe; Region: North; Standard / Fee: 15 EUR; Standard / Days: 4; Express / Fee: 30 EUR; Express / Days: 1.",
        "Weight: 20 kg.",
        "Size: 1 m.",
        "Size: M; Chest: 98.",
        "Size: L; Chest: 104.",
        "Wide.",
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            "<meta charset=utf-8><p>We’ll refund the café set.</p><p>Don\udc92t wait – “now”.</p>",
            "We’ll refund the café set.",
        ),
        ("<meta charset=utf-8><p>배송비 7,000원이 추가됩니\udceb.</p>", "배송비 7,000원이 추가됩니�."),
    ],
)
def test_one_wrong_byte_does_not_change_the_charset(data: str, said: str) -> None:
    draft = read_page(data.encode("utf-8", "surrogateescape"))

    assert said in draft.text
    assert draft.notes == ["1 of its bytes could not be read, and are � in the text"]


@pytest.mark.parametrize(
    "written",
    [
        "<p>Order before <time datetime=2099-12-20>20 December 2099</time>.</p>",
        "<meta name=date content=2099-01-01><p>Order now.</p>",
        "<p>Our shop in Oslo closes; prices effective from 1 March 2099 are elsewhere.</p>",
    ],
)
def test_a_day_that_is_not_the_pages_own_does_not_make_it_wait(written: str) -> None:
    assert "effective_date" not in read_page(page(f"<h1>Holidays</h1>{written}")).told


WILD = [
    '{"@type":"WebPage","mainEntity":{"@type":["FAQPage"],"mainEntity":[{"@type":"Question","name":"Free?",'
    '"acceptedAnswer":[{"@type":"Answer","text":"Yes,\nalways."}]}]}}',
    '<!-- {"@graph":[{"@type":"https://schema.org/Question","name":"Free?",'
    '"acceptedAnswer":{"text":"&lt;p&gt;Yes,&lt;/p&gt; always."},}]} -->',
    '/* faq */ [{"@type":"Question","text":"Free?",// asked\n'
    '"acceptedAnswer":{"@type":"Answer","text":"<b>Yes,</b> always."}}]',
]


@pytest.mark.parametrize("data", WILD)
def test_answers_in_data_for_search_engines_are_read_as_they_are_found_in_the_wild(data: str) -> None:
    script = f"<script type='application/ld+json; charset=utf-8'>{data}</script>"

    assert read_faq(page(f"<div id=root></div>{script}")).text == "## Free?\n\nYes, always."
    assert read_page(page(f"<div id=root></div>{script}")).text == "## Free?\n\nYes, always."


def test_an_faq_page_keeps_what_it_says_beside_its_questions() -> None:
    body = "<main><h1>Help</h1><p>Write to help@acme.example.</p><div><h3>Free?</h3><p>Yes.</p></div>"
    body += "<p>We are in Oslo.</p></main>"

    assert read_faq(page(body)).text.split("\n\n") == [
        "## Help",
        "Write to help@acme.example.",
        "## Free?",
        "Yes.",
        "## Help",
        "We are in Oslo.",
    ]


@pytest.mark.parametrize(
    "part", ["<aside>{}</aside>", "<div class=sidebar><p>{}</p></div>", "<div class=related>{}</div>"]
)
def test_a_note_beside_the_text_is_part_of_the_page(part: str) -> None:
    note = "Note: parcels to islands cost 20 EUR more."

    assert note in read_page(page(f"<main><h1>Fees</h1><p>{'We ship. ' * 9}</p>{part.format(note)}</main>")).text


def test_text_outside_the_main_part_is_named() -> None:
    draft = read_page(page(f"<main><h1>Fees</h1><p>None.</p></main><section><p>{SAID}</p></section>"))

    assert left(draft) == [("outside the page's main part", SAID, True)]
