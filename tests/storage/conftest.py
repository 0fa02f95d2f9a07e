"""These tests run on SQLite, and with `scripts/test --all` on PostgreSQL too."""

import asyncio
from collections.abc import Iterator

import pytest

from storage.migrate import migrate
from tests.postgres import BOTH, Cluster, cluster


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def own_cluster() -> Iterator[Cluster]:
    """A cluster that a test may stop."""
    with cluster() as started:
        started.run("CREATE DATABASE shop")
        asyncio.run(migrate(started.url("shop")))
        yield started
