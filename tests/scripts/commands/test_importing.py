"""`shopdesk import tau2` takes a tau-bench retail database in, and leaves the shop alone when it cannot."""

from pathlib import Path

from typer.testing import CliRunner

from scripts.commands.importing import app
from storage.db import Sessions, open_sessions
from storage.moving.contents import count_contents, is_untouched_demo
from storage.people.accounts import check_password, find_account
from storage.settings import Settings
from tests.factories import add_customer
from tests.scripts.command import shopdesk
from tests.storage.moving.tau2_shop import small_shop, write

COUNTS = "2 customers, 2 products (3 variants), 3 orders, 0 tickets"


async def test_an_import_into_no_shop_makes_one_and_says_who_can_log_in(settings: Settings, tmp_path: Path) -> None:
    file = write(small_shop(), tmp_path)

    outcome = await shopdesk("import", "tau2", str(file), "--password", "open sesame")

    assert (outcome.code, outcome.complained) == (0, "")
    assert f"Imported {file}: {COUNTS}, in " in outcome.said
    assert "Every customer can log in with that password, such as james.li@example.com." in outcome.said
    assert "open sesame" not in outcome.said
    async with open_sessions(settings.database) as sessions, sessions() as session:
        assert check_password(await find_account(session, "james.li@example.com"), "open sesame")


async def test_an_import_without_a_password_replaces_the_untouched_demo_and_says_that_nobody_can_log_in(
    demo_sessions: Sessions, tmp_path: Path
) -> None:
    outcome = await shopdesk("import", "tau2", str(write(small_shop(), tmp_path)))

    assert (outcome.code, outcome.complained) == (0, "")
    assert "No customer can log in. To allow that, run this again with --replace --password TEXT." in outcome.said
    async with demo_sessions() as session:
        assert str(await count_contents(session)) == COUNTS


async def test_an_import_refuses_a_shop_in_use(sessions: Sessions, tmp_path: Path) -> None:
    await add_customer(sessions)

    refused = await shopdesk("import", "tau2", str(write(small_shop(), tmp_path)))

    assert (refused.code, refused.said) == (2, "")
    assert "(customers: 1, orders: 0). Add --replace" in refused.complained


async def test_a_broken_file_is_refused_in_one_line_and_the_shop_stays(demo_sessions: Sessions, tmp_path: Path) -> None:
    shop = small_shop()
    shop["orders"]["#W1"]["items"][1]["price"] = "49.90"
    file = write(shop, tmp_path)

    outcome = await shopdesk("import", "tau2", str(file), "--replace")

    assert (outcome.code, outcome.said.strip()) == (2, "")
    assert outcome.complained.startswith(
        f"shopdesk: {file} was not imported, and the shop is as it was. orders.#W1.items[1].price:"
    )
    assert outcome.complained.count("\n") == 1
    async with demo_sessions() as session:
        assert await is_untouched_demo(session)


def test_an_empty_password_is_refused(settings: Settings, tmp_path: Path) -> None:
    outcome = CliRunner().invoke(app, ["tau2", str(write(small_shop(), tmp_path)), "--password", ""])

    assert outcome.exit_code == 2
    assert "a password cannot be empty" in outcome.output


async def test_a_file_without_a_command_is_answered_with_those_that_take_it(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    file.write_text("id\n1\n")

    named, folder, typo = [await shopdesk("import", what) for what in (str(file), str(tmp_path), "product")]

    assert (named.code, named.complained.count("\n")) == (2, 1)
    assert f"Say what {file} holds: shopdesk import products {file}, shopdesk import orders {file}" in named.complained
    assert folder.complained.strip().endswith(f"Say what {tmp_path} holds: shopdesk import csv {tmp_path}")
    assert (typo.code, "Did you mean 'products'" in typo.complained) == (2, True)
