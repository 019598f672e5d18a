"""The settings of all methods of inference as command-line options, from what the settings say of themselves."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import rich_click as click

from pplc.cli.exits import Stop
from pplc.runtime.drivers import Driver, drivers


def settings_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command one option for each setting of any method; without it the value is None."""
    for name, owners in reversed(list(_owners().items())):
        function = click.option(f"--{name.replace('_', '-')}", name, **_describe(name, owners))(function)
    return function


def _owners() -> dict[str, dict[str, dataclasses.Field[Any]]]:
    """Which methods have a setting, the method that samples by default first."""
    found: dict[str, dict[str, dataclasses.Field[Any]]] = {}
    for driver in ordered_drivers():
        for field in dataclasses.fields(driver.settings):
            found.setdefault(field.name, {})[driver.name] = field
    return found


def ordered_drivers() -> list[Driver]:
    """All methods, the default one first."""
    return sorted(drivers().values(), key=lambda driver: driver.name != "nuts")


def _describe(name: str, owners: Mapping[str, dataclasses.Field[Any]]) -> dict[str, Any]:
    fields = list(owners.values())
    default = fields[0].default
    choices = tuple(dict.fromkeys(choice for f in fields for choice in f.metadata["choices"]))
    help_text = " ".join((fields[0].metadata["help"], _default_text(owners)))
    panel = f"Settings of {', '.join(owners)}"
    if isinstance(default, bool):
        return {"is_flag": True, "default": None, "help": help_text, "panel": panel}
    kind: Any = click.Choice(choices) if choices else type(default)
    metavar = None if choices else {int: "N", float: "X", str: "TEXT"}[type(default)]
    return {"type": kind, "default": None, "metavar": metavar, "help": help_text, "panel": panel}


def _default_text(owners: Mapping[str, dataclasses.Field[Any]]) -> str:
    defaults = {method: field.default for method, field in owners.items()}
    distinct = set(defaults.values())
    if distinct == {False}:
        return ""
    if len(distinct) == 1:
        return f"[default: {_plain(distinct.pop())}]"
    return f"[default: {', '.join(f'{_plain(value)} for {method}' for method, value in defaults.items())}]"


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def given_settings(driver: Driver, values: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that were given, which must belong to the method."""
    own = {field.name for field in dataclasses.fields(driver.settings)}
    given = {name: value for name, value in values.items() if value is not None}
    for name in given:
        if name not in own:
            methods = ", ".join(method for method in _owners()[name])
            raise Stop(f"--{name.replace('_', '-')} is not an option of the method {driver.name}, but of {methods}")
    return given
