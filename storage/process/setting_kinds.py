"""The kinds of values that settings hold: text that is checked, and kept as the shop uses it."""

import os
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from storage.delivery import days_in, holidays_in, zone_named


def _fits_a_header(value: str) -> str:
    if not value.isascii() or not value.strip().isprintable():
        raise ValueError("it contains characters that a key cannot have")
    return value.strip()


def _are_networks(value: str) -> str:
    found = [ip_network(one.strip(), strict=False) for one in value.split(",") if one.strip()]
    return ", ".join(map(str, found))


def _is_a_promise(value: str) -> str:
    days_in(value)
    return value


def _are_days(value: str) -> str:
    holidays_in(value)
    return value


def _is_a_zone(value: str) -> str:
    zone_named(value)
    return value


def _are_folders(value: str) -> str:
    found = [Path(one.strip()).expanduser() for one in value.split(os.pathsep) if one.strip()]
    if not all(one.is_absolute() for one in found):
        # A client starts a tool server in whatever folder it works in.
        raise ValueError("a folder in it is not absolute, such as /home/me/pictures or ~/pictures")
    return os.pathsep.join(map(str, found))


Key = Annotated[str, AfterValidator(_fits_a_header)]
Networks = Annotated[str, AfterValidator(_are_networks)]
DeliveryDays = Annotated[str, AfterValidator(_is_a_promise)]
Holidays = Annotated[str, AfterValidator(_are_days)]
Folders = Annotated[str, AfterValidator(_are_folders)]
TimeZone = Annotated[str, AfterValidator(_is_a_zone)]
