"""What was meant by a command line that cannot be read: words of other programs, options without dashes, two files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from pplc.grammar.similar import nearest
from pplc.runtime.data.file import R_DUMP

PROGRAMS = (".ppl", ".stan")
DATA = (".json", *R_DUMP)
# Options of CmdStan, cmdstanpy, RStan and brms, and how the same is said here.
OPTIONS = {
    **dict.fromkeys(("iter", "num-samples", "iter-sampling", "samples-per-chain"), "--draws (kept per chain)"),
    **dict.fromkeys(("num-warmup", "iter-warmup", "burnin", "burn-in", "tune"), "--warmup"),
    **dict.fromkeys(("adapt-delta", "delta"), "--target-accept"),
    **dict.fromkeys(("max-treedepth", "max-tree-depth"), "--max-depth"),
    **dict.fromkeys(("num-chains", "nchains"), "--chains"),
    **dict.fromkeys(("cores", "parallel-chains", "num-threads", "jobs"), "--threads"),
    **dict.fromkeys(("inits", "initial-values"), "--init"),
    **dict.fromkeys(("engine", "int-time"), "--method or --steps"),
    **dict.fromkeys(("thinning", "nthin"), "--thin"),
    **dict.fromkeys(("algorithm", "sampler"), "--method"),
    **dict.fromkeys(("stepsize",), "--step-size"),
    **dict.fromkeys(("out", "output-file", "output-dir"), "--output"),
    **dict.fromkeys(("force", "replace"), "--overwrite"),
    **dict.fromkeys(("include-path", "include-paths"), "--include"),
    **dict.fromkeys(("random-seed",), "--seed"),
    **dict.fromkeys(("silent",), "--quiet"),
    **dict.fromkeys(("timeout",), "--time-limit"),
}
# Values of options, the same.
VALUES = {
    **dict.fromkeys(("sample", "sampling", "mcmc", "nuts-sampling"), "nuts"),
    **dict.fromkeys(("variational", "vi", "vb", "meanfield-advi"), "advi"),
    **dict.fromkeys(("optimise", "optimizing", "optimising", "map", "mle", "lbfgs"), "optimize"),
    **dict.fromkeys(("generate-quantities", "fixedparam", "standalone"), "fixed_param"),
    **dict.fromkeys(("static", "hmc-static"), "hmc"),
    **dict.fromkeys(("dense-e",), "dense"),
    **dict.fromkeys(("diag-e", "diagonal"), "diag"),
    **dict.fromkeys(("meanfield",), "mean-field"),
    **dict.fromkeys(("fullrank",), "full-rank"),
}
COMMANDS = ("run", "fit", "compile", "build", "sample")  # of other programs; here a program's name alone samples


def explain(problem: click.ClickException) -> str:
    """What click says, with the word that was meant where it is known."""
    said = problem.format_message().rstrip(".")
    if isinstance(problem, click.NoSuchOption):
        name = _plain(problem.option_name.lstrip("-"))
        if name in OPTIONS:
            return f"there is no option {problem.option_name}; here it is {OPTIONS[name]}"
        if f"--{name}" in (problem.possibilities or ()):
            return f"there is no option {problem.option_name}; did you mean --{name}?"
    if isinstance(problem, click.BadParameter) and isinstance(getattr(problem.param, "type", None), click.Choice):
        near = _meant(_quoted(said), problem.param.type.choices)  # type: ignore[union-attr]
        return f"{said}; did you mean {near}?" if near else said
    return said


def extra(model: Path, words: Sequence[str], methods: Sequence[str]) -> str:
    """What to write instead of words that are no options and follow the program."""
    files = [Path(word) for word in words]
    program = next((path for path in files if path.suffix in PROGRAMS), None)
    data = next((path for path in files if path.suffix.lower() in DATA and "=" not in str(path)), None)
    said = f"unexpected extra argument{'s' if len(words) > 1 else ''} ({' '.join(words)})"
    if program is not None and model.suffix.lower() in DATA:
        return f"the program stands first: write pplc {program} --data {model}"
    if program is not None and not model.exists():
        method = _meant(str(model), methods)
        if str(model) in COMMANDS:
            return f"there is no command {model}: write pplc {program}"
        if method is not None:
            return f"there is no command {model}: write pplc {program} --method {method}"
    if data is not None:
        return f"{said}: write --data {data}"
    named = next((word for word in words if "=" in word), None)
    if named is not None:
        name, _, value = named.partition("=")
        return f"{said}: options begin with two dashes, as in {_option(name)} {value}"
    return f"{said}: there is one program at a time" if program is not None else said


def _option(name: str) -> str:
    """How an option of another program is written here."""
    return OPTIONS.get(_plain(name), f"--{_plain(name)}").partition(" ")[0]


def _meant(word: str, choices: Sequence[str]) -> str | None:
    known = VALUES.get(_plain(word))
    return known if known in choices else nearest(word, choices)


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")


def _quoted(text: str) -> str:
    """The value that click quotes behind the name of the option."""
    return text.partition(": ")[2].partition("'")[2].partition("'")[0]


class File(click.Path):
    """A file's name, which no option is."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if str(value).startswith("--"):
            self.fail(f"a file is needed, but {value} is another option", param, ctx)
        return super().convert(value, param, ctx)


def once(context: click.Context, option: click.Parameter, values: Sequence[Path]) -> Path | None:
    """The value of an option that people give twice in the hope that both count."""
    if len(values) > 1:
        given = " and ".join(map(str, values))
        raise click.BadParameter(f"there are {len(values)} files ({given}), but one holds all data", context, option)
    return values[0] if values else None
