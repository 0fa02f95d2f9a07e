"""The shop under attack: page, tools and models, each in its own process, and the people who chat there."""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import func, select

from scripts.bench.served import free_port, process
from storage.db import open_sessions, writing
from storage.people.accounts import Account
from storage.settings import Settings
from storage.shop.orders import Order, OrderStatus
from ui.logins.login import login_token


@dataclass(frozen=True)
class Customer:
    """Somebody who chats: a pending order of theirs, their login, and the address they come from."""

    order: str
    login: str
    address: str


def settings_in(home: Path) -> Settings:
    """Return the settings of a shop in a folder, on free ports."""
    ports = [free_port() for _ in range(4)]
    return Settings(
        shopdesk_home=home,
        database_url="",
        chroma_url="",
        host="127.0.0.1",
        ui_port=ports[0],
        mcp_port=ports[1],
        public_ui_url=f"http://127.0.0.1:{ports[0]}",
        public_mcp_url=f"http://127.0.0.1:{ports[1]}",
        model1_base_url=f"http://127.0.0.1:{ports[2]}/v1",
        model2_base_url=f"http://127.0.0.1:{ports[3]}/v1",
        shopdesk_secret=secrets.token_urlsafe(32),
        # Each customer comes from a different address, as through a proxy.
        trusted_proxies="127.0.0.1",
    )


async def list_customers(settings: Settings) -> list[Customer]:
    """Return everybody with a pending order, each with an account."""
    query = select(Order.customer_id, func.min(Order.id)).where(Order.status == OrderStatus.PENDING)
    async with open_sessions(settings.database) as sessions, writing(sessions) as session:
        found = (await session.execute(query.group_by(Order.customer_id))).all()
        accounts = {one.customer_id: one for one in await session.scalars(select(Account))}
        customers = []
        for at, (customer_id, order_id) in enumerate(found):
            account = accounts.get(customer_id) or _account(customer_id)
            session.add(account)
            customers.append(Customer(order_id, login_token(account, settings.secret), f"192.0.2.{at % 250 + 1}"))
    return customers


def _account(customer_id: str) -> Account:
    email = f"{customer_id.lower()}@example.com"
    return Account(
        id=f"bench-{customer_id}", email=email, name="Bench", password_hash="", customer_id=customer_id, staff=False
    )


@contextmanager
def served(settings: Settings) -> Iterator[None]:
    """Run every part as `shopdesk up` would, within this context."""
    models = [str(urlsplit(url).port) for url in (settings.model1_base_url, settings.model2_base_url)]
    parts = [
        (["-m", "scripts.bench.worst_customer.model", *models], int(models[0])),
        (["-m", "scripts", "mcp", "--http", str(settings.mcp_port)], settings.mcp_port),
        (["-m", "ui"], settings.ui_port),
    ]
    told = {name.upper(): str(value) for name, value in settings.model_dump().items() if value not in {"", None}}
    with ExitStack() as running:
        for command, port in parts:
            running.enter_context(process(command, port, told))
        yield
