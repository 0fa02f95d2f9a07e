"""Small CSV files in a folder, to be changed by a test."""

from pathlib import Path

import pytest

from storage.db import Sessions
from storage.moving.csv_files.export import export_csv
from storage.moving.csv_files.load import load_csv
from storage.moving.csv_files.rows import CsvError
from storage.moving.snapshot import at_one_moment

FILES = {
    "customers": """id,first_name,last_name,email,language,address1,city,zip
mina,민아,김,Mina@Example.com,ko,테헤란로 152,서울,06236
adam,Adam,Cooper,adam@example.com,,206 Willow Way,Atlanta,30339
""",
    "payment_methods": """customer_id,id,kind,brand,last_four,balance
mina,card,credit_card,visa,9212,
mina,gift,gift_card,,,7000
adam,card,paypal,,,
""",
    "products": """id,name,currency
P1,Electric Kettle,USD
""",
    "variants": """product_id,item_id,options,price,available
P1,K1,"{""color"": ""black""}",4990,true
P1,K2,{},5995,false
""",
    "orders": """id,customer_id,status,currency,ordered_at,return_item_ids,return_payment_method_id
W1,mina,pending,USD,2026-03-02T18:30:00+09:00,,
W2,mina,return requested,USD,,"[""K1""]",gift
""",
    "order_lines": """order_id,line,item_id,product_id,options,price
W1,1,K1,P1,{},4990
W1,2,K1,P1,{},4990
W2,1,K1,P1,{},4990
""",
    "shipments": """order_id,number,tracking_ids,item_ids,carrier,shipped_on,expected_on
W2,1,"[""357962501027""]","[""K1""]",CJ대한통운,2026-03-04, 2026-03-09
""",
    "payments": """order_id,number,type,amount,payment_method_id
W1,1,payment,9980,card
W2,1,payment,4990,card
""",
    "tickets": """id,customer_id,order_id,subject,status,category,priority,created_at
T1,mina,W2,A scratch,open,damage,high,2026-03-09T08:00:00Z
""",
    "ticket_entries": """ticket_id,number,at,by,kind,text
T1,1,2026-03-09T08:00:00Z,mina,opened,"It is here,
at the ""handle""."
""",
}


def write_files(folder: Path) -> Path:
    """Write the files into a folder of their own."""
    made = folder / "shop"
    made.mkdir()
    for name, text in FILES.items():
        (made / f"{name}.csv").write_text(text, encoding="utf-8")
    return made


def change(folder: Path, name: str, old: str, new: str) -> None:
    """Change one place of one file."""
    path = folder / f"{name}.csv"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


async def load_files(sessions: Sessions, folder: Path, *, password: str | None = None) -> None:
    """Import the folder in the place of whatever is there."""
    await load_csv(sessions, folder, password=password, replace=True, on_progress=lambda _lines: None)


async def export_files(sessions: Sessions, folder: Path) -> dict[str, bytes]:
    """Export into a folder, and return each file's bytes."""
    _make(folder)
    async with at_one_moment(sessions) as session:
        await export_csv(session, folder, lambda _rows: None)
    return contents(folder)


def contents(folder: Path) -> dict[str, bytes]:
    """Return the bytes of each file of the folder, by its name."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _make(folder: Path) -> None:
    folder.mkdir()


async def refusal(sessions: Sessions, folder: Path) -> str:
    """What an import of the folder is refused with, without the folder's own path."""
    with pytest.raises(CsvError) as caught:
        await load_files(sessions, folder)
    text = str(caught.value)
    assert text.endswith(". Nothing was imported, and the shop is as it was.")
    return text.removesuffix(". Nothing was imported, and the shop is as it was.").removeprefix(f"{folder}/")
