"""Small exports, with the columns and the habits of the systems that write them."""

from pathlib import Path

from storage.db import Sessions, reading
from storage.moving.catalogues.drafts import Drafts
from storage.moving.catalogues.load import Plan, load_products
from storage.moving.catalogues.mapping import read_products
from storage.moving.catalogues.maps import choose_map
from storage.moving.catalogues.reading import read_table
from storage.shop.products import Product, Variant, get_product

SHOPIFY = """Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,\
Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Image Src,Status
mug,Stone Mug,"<p>Holds <b>300 ml</b>.</p><script>steal()</script><ul><li>Oven &amp; microwave</li></ul>",Us,Mugs,\
"tea, coffee",TRUE,Color,Grey,MUG-G,shopify,4,deny,"1,024.50",https://x.example/1.jpg,active
mug,,,,,,,,Blue,MUG-B,shopify,0,deny,24.00,,
mug,,,,,,,,,,,,,,https://x.example/2.jpg,
card,Gift Card,,Us,,,FALSE,Title,Default Title,,,,deny,10.00,,active
"""
WOOCOMMERCE = """ID,Type,SKU,Name,Published,Short description,Description,In stock?,Sale price,Regular price,\
Categories,Parent,Attribute 1 name,Attribute 1 value(s)
10,variable,TEE,Tee,1,Short,,1,,,Clothing > Tees,,Size,"S, M"
11,variation,TEE-S,Tee - S,1,,,1,15,19.99,,TEE,Size,S
12,variation,,Tee - M,1,,,0,,19.99,,id:10,Size,M
13,simple,CAP,Cap,1,,<p>A cap</p>\\n<table><tr><th>Wool</th><td>80 %</td></tr></table>,1,,9,Hats,,Brand,Us
14,external,INS,Insurance,1,,,1,,,,,,
15,grouped,SET,Tee and cap,1,,,1,,,,,,
"""
CAFE24 = """상품코드,자체 상품코드,진열상태,판매상태,상품명,상품요약설명,상품 상세설명,판매가,옵션입력
P00000AA,SHIRT,Y,Y,린넨 셔츠,시원해요,<div>마 100%</div>,"39,000",색상{블랙|화이트}//사이즈{S|M}
P00000AB,,Y,N,양말,,,3000.00,
"""
SMARTSTORE = """판매자 상품코드,상품명,판매상태,판매가,재고수량,옵션형태,옵션명,옵션값,옵션가,옵션 재고수량,상세설명
RICE,햅쌀,판매중,"32,000원",10,조합형,"무게","10kg,20kg","0,30000","5,0",<p>올해 쌀</p>
"""


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    """Write a file as a system would save it."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def drafts_of(path: Path, currency: str, *, fix: bool = False) -> Drafts:
    """Read a file with the map that fits its columns."""
    table = read_table(path)
    return read_products(table, choose_map(None, table.header, path), currency, fix=fix)


async def load(sessions: Sessions, path: Path, currency: str) -> Plan:
    """Import a file that has no problems."""
    drafts = drafts_of(path, currency)
    assert drafts.problems == []
    return await load_products(sessions, path, drafts, currency, lambda _more: None)


async def product_of(sessions: Sessions, product_id: str) -> Product:
    """Return a product of the shop."""
    async with reading(sessions) as session:
        return await get_product(session, product_id)


def told(variant: Variant) -> tuple[str, dict[str, str], int, bool]:
    """Return what a variant is."""
    return variant.item_id, variant.options, variant.price, variant.available
