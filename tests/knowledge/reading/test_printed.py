"""PDFs as their reader takes them: columns, tables, hyphens, light text on dark, and what is at every page's edge."""

import io

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from knowledge.reading.formats.pdf import read_pdf

LEFT, RIGHT = 40, 320
DARK, INK = "0.1 0.1 0.3 rg", "0 g"


def at(across: float, up: float, text: str, size: float = 11) -> str:
    return f"BT /F1 {size} Tf {across} {up} Td ({text}) Tj ET"


def pdf(*pages: str, title: str = "") -> bytes:
    writer = PdfWriter()
    writer.add_metadata({"/Title": title})
    for commands in pages:
        page = writer.add_blank_page(595, 842)
        fonts = DictionaryObject()
        for key, face in {"/F1": "/Helvetica", "/F2": "/Courier", "/F3": "/Helvetica-Bold"}.items():
            font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": face}
            named = DictionaryObject({NameObject(name): NameObject(value) for name, value in font.items()})
            fonts[NameObject(key)] = writer._add_object(named)
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        stream = DecodedStreamObject()
        stream.set_data(commands.encode())
        page[NameObject("/Contents")] = writer._add_object(stream)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def lines(across: float, top: float, *texts: str) -> str:
    return " ".join(at(across, top - 16 * number, text) for number, text in enumerate(texts))


def test_a_title_that_is_the_name_of_a_file_is_none() -> None:
    commands = f"{at(LEFT, 760, 'Warranty', 20)} {lines(LEFT, 700, 'Pumps last a year.')}"

    assert "title" not in read_pdf(pdf(commands, title="warranty_v2-final.docx")).told
    assert "title" not in read_pdf(pdf(commands, title="about:blank")).told
    assert read_pdf(pdf(commands, title="Warranty and repairs")).told["title"] == "Warranty and repairs"


def letters(across: float, up: float, text: str, size: float = 12) -> str:
    """Return a line as browsers print it: each letter by itself, a third larger than the page then shows it."""
    scale, wide = 0.75, 0.6 * size
    placed = (
        f"BT /F2 {size / scale} Tf {(across + wide * number) / scale} {up / scale} Td ({letter}) Tj ET"
        for number, letter in enumerate(text)
        if letter != " "
    )
    return f"q {scale} 0 0 {scale} 0 0 cm {' '.join(placed)} Q"


@pytest.mark.parametrize("right", [310.0, 311.0, 311.7, 312.0, 313.0])
def test_a_browsers_columns_keep_their_words_and_the_table_in_one_of_them(right: float) -> None:
    told = [
        "We repair within 10 working days; if",
        "it fails twice, we send a new device",
        "without asking for more of your time.",
    ]
    beside = [
        "Two years on all that we make, from",
        "the day of purchase, and for pumps it",
        "is six months from the same day on.",
    ]
    rows = [("Device", "Years"), ("Fountain W1", "2"), ("Litter L9", "3")]
    left = [letters(57.0, 700 - 14 * number, text, 10) for number, text in enumerate(beside)]
    prose = [letters(right, 700 - 14 * number, text, 10) for number, text in enumerate(told)]
    cells = [
        letters(right + 3 + 83 * column, 620 - 16 * number, text)
        for number, row in enumerate(rows)
        for column, text in enumerate(row)
    ]
    # The first column is full: less than a letter is left on each side of the line between the cells.
    ruled = f"0.5 w {right + 83.5} 634 m {right + 83.5} 580 l S"

    text = read_pdf(pdf(" ".join([*left, *prose, ruled, *cells]))).text

    assert text.split("\n\n") == [
        " ".join(beside),
        " ".join(told),
        "Device Years",
        "Device: Fountain W1; Years: 2.",
        "Device: Litter L9; Years: 3.",
    ]


def test_columns_are_read_one_after_the_other_under_the_title_that_spans_them() -> None:
    left = lines(LEFT, 700, "Parcels to Malta take 8", "days. Customs may add two", "days more in December.")
    right = lines(RIGHT, 694, "Kettles have a warranty", "of 27 months from the day", "of delivery to your door.")
    title = at(LEFT, 760, "What we promise for parcels and kettles everywhere", 20)

    assert read_pdf(pdf(f"{title} {right} {left}")).text.split("\n\n") == [
        "## What we promise for parcels and kettles everywhere",
        "Parcels to Malta take 8 days. Customs may add two days more in December.",
        "Kettles have a warranty of 27 months from the day of delivery to your door.",
    ]


def test_a_table_is_read_row_by_row_with_the_names_on_its_dark_bar() -> None:
    rows = [("Island", "Fee", "Days"), ("Gozo", "7 EUR", "4"), ("Comino", "9 EUR", "6")]
    cells = " ".join(
        f"{'1 g' if not number else INK} {at(LEFT + 150 * column, 700 - 24 * number, text)}"
        for number, row in enumerate(rows)
        for column, text in enumerate(row)
    )

    text = read_pdf(pdf(f"{DARK} 30 690 540 24 re f {cells} {INK} {at(LEFT, 600, 'Prices include tax.')}")).text

    assert text.split("\n\n") == [
        "Island Fee Days",
        "Island: Gozo; Fee: 7 EUR; Days: 4.",
        "Island: Comino; Fee: 9 EUR; Days: 6.",
        "Prices include tax.",
    ]


def test_words_broken_at_a_line_end_are_whole_and_a_raised_figure_is_a_note() -> None:
    broken = lines(LEFT, 700, "Our ware-", "house accepts re-", "turns. Follow-up calls are free.")
    note = f"{at(LEFT, 600, 'Delivery takes 3')} {at(114, 606, '1', 6)} {at(119, 600, ' days.')}"

    assert read_pdf(pdf(f"{broken} {note}")).text.split("\n\n") == [
        "Our warehouse accepts returns. Follow-up calls are free.",
        "Delivery takes 3 days (note 1).",
    ]


@pytest.mark.parametrize(
    ("commands", "why"),
    [
        (f"1 g {at(LEFT, 600, 'Secret')} {INK}", "hidden (the colour of its ground)"),
        (f"{DARK} 30 590 300 30 re f {at(LEFT, 600, 'Secret')} {INK}", "hidden (the colour of its ground)"),
        (f"BT 3 Tr /F1 11 Tf {LEFT} 600 Td (Secret) Tj 0 Tr ET", "hidden (printed without ink)"),
        (f"{at(LEFT, 600, 'Secret')} {DARK} 30 590 300 30 re f {INK}", "hidden (covered)"),
        (at(LEFT, -50, "Secret"), "hidden (outside the page)"),
    ],
)
def test_what_is_not_seen_in_print_is_left_out_and_said(commands: str, why: str) -> None:
    draft = read_pdf(pdf(f"{at(LEFT, 700, 'We ship.')} {commands}"))

    assert draft.text == "We ship."
    assert [(one.why, one.text) for one in draft.left] == [(why, "Secret")]


def test_what_stands_at_the_edge_of_every_page_is_no_part_of_its_text() -> None:
    pages = [
        f"{at(LEFT, 810, 'Acme policies')} {at(LEFT, 700, f'Rule {n} holds for')} {at(280, 20, f'Page {n} of 3')}"
        for n in (1, 2, 3)
    ]

    assert read_pdf(pdf(*pages)).text.split("\n\n") == ["Rule 1 holds for", "Rule 2 holds for", "Rule 3 holds for"]


def test_columns_with_lines_at_the_same_heights_are_read_one_after_the_other_above_a_ruled_table() -> None:
    beside = [
        "You earn one point for each euro and",
        "may spend them seven days after your",
        "parcel has arrived at home.",
    ]
    told = ["Points are lost after twelve months;", "those of a closed account are lost", "at once and for good."]
    cells = [("Level", "Points"), ("Silver", "1.5"), ("Gold", "2")]
    grid = [f"{LEFT} {y} 400 0.5 re f" for y in (560, 540, 520, 500)]
    rows = [at(x, 546 - 20 * n, text) for n, row in enumerate(cells) for x, text in zip((50, 340), row, strict=True)]

    text = read_pdf(pdf(" ".join([lines(LEFT, 700, *beside), lines(RIGHT, 700, *told), *grid, *rows]))).text

    assert " ".join(text.split()).startswith(" ".join([*beside, *told]))
    assert "Level: Gold; Points: 2." in text


def bold(across: float, up: float, text: str) -> str:
    return at(across, up, text).replace("/F1", "/F3")


def ruled(levels: str, uprights: str) -> str:
    """Return lines: `y x x` for each level one, `x y y` for each upright one."""
    level = (f"{left} {y} m {right} {y} l S" for y, left, right in map(str.split, levels.split(",")))
    upright = (f"{x} {low} m {x} {high} l S" for x, low, high in map(str.split, uprights.split(",")))
    return " ".join(("0.5 w", *level, *upright))


def test_the_cells_of_a_ruled_table_keep_their_lines_and_the_names_over_several_of_them() -> None:
    grid = ruled(
        "720 40 400, 696 140 400, 670 40 400, 630 40 400, 600 40 400",
        "40 600 720, 140 600 720, 260 630 696, 400 600 720",
    )
    above = f"{bold(45, 690, 'Zone')} {bold(145, 704, 'Costs by weight')}"
    heads = f"{above} {bold(145, 680, 'light')} {bold(265, 680, 'heavy')}"
    heavy = lines(265, 656, "9 EUR, and two for", "each kilogram")
    north = f"{lines(45, 656, 'North and', 'the islands')} {at(145, 650, '5 EUR')} {heavy}"
    south = f"{at(45, 612, 'South')} {at(145, 612, 'Seven, whatever it weighs')}"
    told = read_pdf(pdf(f"{at(40, 780, 'Postage', 20)} {heads} {north} {south} {grid} {at(40, 560, 'Ask us.')}"))

    assert told.text.split("\n\n")[3:] == [
        "Zone: North and the islands; Costs by weight / light: 5 EUR; "
        "Costs by weight / heavy: 9 EUR, and two for each kilogram.",
        "Zone: South; Costs by weight / light: Seven, whatever it weighs; "
        "Costs by weight / heavy: Seven, whatever it weighs.",
        "Ask us.",
    ]


def test_a_ruled_table_may_be_drawn_as_boxes_and_one_box_is_none() -> None:
    boxes = "0.5 w " + " ".join(f"{x} {y} 150 40 re S" for x in (40, 190) for y in (600, 640, 680))
    cells = (
        f"{bold(45, 695, 'Part')} {bold(195, 695, 'Warranty')} {lines(45, 664, 'Bearings and', 'other moving parts')} "
        f"{at(195, 658, 'one year')} {at(45, 615, 'Motors')} {at(195, 615, 'two years')}"
    )
    told = read_pdf(pdf(f"{at(40, 780, 'Warranty', 20)} {cells} {boxes}"))
    framed = read_pdf(
        pdf(f"{at(40, 780, 'Note', 20)} {lines(60, 700, 'All parts are new.', 'None is used.')} 40 660 300 70 re S")
    )

    assert told.text.split("\n\n")[2:] == [
        "Part: Bearings and other moving parts; Warranty: one year.",
        "Part: Motors; Warranty: two years.",
    ]
    assert framed.text.endswith("All parts are new. None is used.")
