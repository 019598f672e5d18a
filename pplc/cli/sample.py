"""`pplc MODEL --data FILE`: compile a program, sample it, show a summary and write the result."""

from __future__ import annotations

from typing import Any

import rich_click as click

from pplc.cli.entry import COMMANDS
from pplc.cli.exits import MEANINGS, Stop
from pplc.cli.mistyped import File, extra, once
from pplc.cli.options import ordered_drivers, settings_options
from pplc.runtime.drivers import drivers

HELP = """Sample from the posterior of MODEL, a program in the Stan language.

\b
    pplc schools.ppl --data schools.json

compiles the program, runs four chains, prints a summary and writes all draws to schools.nc, which
arviz.from_netcdf reads. The data are a JSON object with one entry for each variable of the data block, or an
R dump (.R).
"""


def _epilog() -> str:
    commands = [f"pplc {name:<8} {text}" for name, text in COMMANDS.items()]
    codes = [f"{code:>3}  {text}" for code, text in MEANINGS.items()]
    lines = ["Other commands (each has --help):", *commands, "\u200b", "Exit codes:", *codes]
    return "\n\n".join(lines)  # rich-click joins lines that no empty line parts


def _methods() -> str:
    return "; ".join(f"{driver.name}: {driver.title}" for driver in ordered_drivers())


FILE = File()
STAGES = ("ast", "ir", "graph", "rewritten", "source")  # see `emit.py`


@click.command(
    help=HELP,
    epilog=_epilog(),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110, "allow_extra_args": True},
)
@click.argument("model", type=FILE)
@click.option(
    "--data",
    "-d",
    type=FILE,
    multiple=True,
    callback=once,
    metavar="FILE",
    panel="Input",
    help="The data, a JSON file or R dump.",
)
@click.option(
    "--init",
    "-i",
    "inits",
    type=FILE,
    metavar="FILE",
    panel="Input",
    help="Where to start: JSON with values of all parameters or some, or an earlier result (.nc).",
)
@click.option("--include", type=FILE, multiple=True, panel="Input", help="A folder for `#include`; repeatable.")
@click.option(
    "--std", type=click.Choice(["ppl", "stan"]), default="ppl", panel="Input", help="stan: old syntax is an error."
)
@click.option(
    "--output", "-o", type=FILE, metavar="FILE", panel="Output", help="The result, .nc or .zarr  [default: MODEL.nc]"
)
@click.option("--overwrite", is_flag=True, panel="Output", help="Replace an existing result.")
@click.option("--predict", is_flag=True, panel="Output", help="Also draw the prior and new data, with log likelihoods.")
@click.option("--quiet", "-q", is_flag=True, panel="Output", help="Print nothing but errors.")
@click.option("--all", "full", is_flag=True, panel="Output", help="Show every element of long vectors.")
@click.option(
    "--emit", type=click.Choice(STAGES), panel="Output", help="Print a stage of the compilation instead of sampling."
)
@click.option(
    "--method",
    "-m",
    type=click.Choice([driver.name for driver in ordered_drivers()]),
    default="nuts",
    show_default=True,
    panel="Run",
    help=_methods(),
)
@click.option("--chains", "-c", type=int, default=4, show_default=True, metavar="N", panel="Run", help="Chains to run.")
@click.option(
    "--seed",
    "-s",
    type=int,
    metavar="N",
    panel="Run",
    help="Seed of all random numbers; chosen at random if not given.",
)
@click.option(
    "--threads",
    type=int,
    metavar="N",
    panel="Run",
    help="Chains run at once  [default: one per processor]",
)
@click.option("--time-limit", type=float, metavar="S", panel="Run", help="Stop after so many seconds; draws are kept.")
@settings_options
@click.version_option(package_name="pplc", prog_name="pplc")
@click.pass_context
def command(context: click.Context, **options: Any) -> int:
    if context.args:
        raise Stop(f"{extra(options['model'], context.args, list(drivers()))} (see pplc --help)")
    from pplc.cli.job import Job, run

    names = Job.__dataclass_fields__
    settings = {name: value for name, value in options.items() if name not in names}
    return run(Job(**{name: options[name] for name in names if name != "settings"}, settings=settings))
