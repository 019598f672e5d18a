"""Settings in messages: written `<max_depth>` or `<metric=dense>`, read as Python or the command line spells them."""

from __future__ import annotations

import re

_MENTION = re.compile(r"<(\w+)(?:=([\w.-]+))?>")


def in_python(text: str) -> str:
    """`max_depth`, `metric="dense"`."""
    return _MENTION.sub(lambda found: found[1] + (f'="{found[2]}"' if found[2] else ""), text)


def on_command_line(text: str) -> str:
    """`--max-depth`, `--metric dense`."""
    return _MENTION.sub(lambda found: f"--{found[1].replace('_', '-')}" + (f" {found[2]}" if found[2] else ""), text)
