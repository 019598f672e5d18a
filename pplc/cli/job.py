"""The main job from start to end: program and data to draws, a summary and a file."""

from __future__ import annotations

import time
import warnings
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pplc.cli import emit
from pplc.cli.exits import Exit, Stop
from pplc.cli.files import folders, program_source
from pplc.cli.options import given_settings
from pplc.cli.output import output_path, write
from pplc.cli.repeated import said_once
from pplc.cli.report import findings_text, profile_text, shapes_of, summary_text
from pplc.cli.terminal import say, show_diagnostics
from pplc.errors import DrawsWarning, OptionError, ProgramWarning
from pplc.progress import duration, watch
from pplc.runtime.drivers import Run, drivers

if TYPE_CHECKING:
    from pplc.compiler.frontend import Standard
    from pplc.fit import Fit
    from pplc.model import Model
    from pplc.runtime.groups import Group


@dataclass(frozen=True)
class Job:
    """What the command line asks for."""

    model: Path
    data: Path | None
    inits: Path | None
    include: tuple[Path, ...]
    std: Standard
    output: Path | None
    overwrite: bool
    predict: bool
    quiet: bool
    full: bool
    emit: str | None
    method: str
    chains: int
    seed: int | None
    threads: int | None
    time_limit: float | None
    settings: Mapping[str, Any]


def run(job: Job) -> Exit:
    """Do it. Everything that can be found wrong without compiling is found before."""
    from pplc.fit import fit
    from pplc.initial_values import read as read_initial_values
    from pplc.runtime.drivers import new_seed
    from pplc.sampling import choose

    program_source(job.model)  # complains about the file
    folders(job.include)
    if job.emit in emit.OF_PROGRAM:
        print(emit.OF_PROGRAM[job.emit](job.model, job.include, job.std), end="")
        return Exit.OK
    driver, settings = choose(job.method, given_settings(drivers()[job.method], job.settings))
    seed = new_seed() if job.seed is None else job.seed
    how = Run(job.chains, seed, None, None, job.threads, float("inf") if job.time_limit is None else job.time_limit)
    if problems := how.problems():
        raise OptionError(problems)
    if job.inits is not None and not job.inits.exists():
        raise Stop(f"--init {job.inits}: there is no such file")
    inits = None if job.inits is None else read_initial_values(job.inits)
    path = output_path(job.output, job.model.stem, job.overwrite)

    began = time.perf_counter()
    if job.emit is None:
        driver.prepare()
    model = _compiled(job)
    if job.emit is not None:
        print(emit.OF_MODEL[job.emit](model), end="")
        return Exit.OK
    model.target()
    if not model.constrained_names:
        raise Stop(
            "the program has no parameters and no generated quantities, so there is nothing to draw", Exit.PROGRAM
        )
    compiled = time.perf_counter() - began
    say(_what(job, model, seed, settings, compiled), job.quiet)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", DrawsWarning)
        with nullcontext(None) if job.quiet else watch() as observe:
            found = fit(model, driver, settings, replace(how, observe=observe), inits)
    if not job.quiet:
        show_diagnostics(w.message.diagnostic for w in caught if isinstance(w.message, DrawsWarning))
    return _finish(job, found, path)


def _compiled(job: Job) -> Model:
    """The model; warnings about the program are shown as they are found."""
    from pplc.compile import compile_model

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model = compile_model(job.model, job.data, include_paths=job.include, std=job.std)
    if not job.quiet:
        show_diagnostics(said_once(w.message.diagnostic for w in caught if isinstance(w.message, ProgramWarning)))
    return model


def _what(job: Job, model: Model, seed: int, settings: Any, seconds: float) -> str:
    counted = f"{model.n_unconstrained} parameter{'' if model.n_unconstrained == 1 else 's'}"
    lengths = [f"{getattr(settings, name)} {name}" for name in ("warmup", "draws") if hasattr(settings, name)]
    chains = f"{job.chains} chain{'' if job.chains == 1 else 's'}"
    if lengths:
        chains += f" of {' + '.join(lengths)}"
    return f"{model.name}: {counted}, compiled in {duration(seconds)}; {job.method}, {chains}, seed {seed}"


def _finish(job: Job, found: Fit, path: Path) -> Exit:
    """Show and write what there is, even of an interrupted run; what goes wrong on the way is raised afterwards."""
    _, draws, _ = found.result.sample.rectangle().positions.shape
    if not draws:
        if job.settings.get("draws") == 0:
            say("no draws were asked for, so there is nothing to write", job.quiet)
            return Exit.OK
        reason = found.result.reason or "sampling ended"
        raise Stop(f"{reason} before there were any draws", Exit.INTERRUPTED if found.interrupted else Exit.SAMPLING)
    groups = found.groups()
    problems: list[Exception | KeyboardInterrupt] = []
    for step in (_show, _predict):
        try:
            step(job, found, groups)
        except (Exception, KeyboardInterrupt) as problem:
            problems.append(problem)
    if found.error is not None:
        problems.append(found.error)
    written = write(groups, path, job.overwrite)
    if problems:
        say(f"the draws are in {written}", job.quiet)
        raise problems[0]
    if not job.quiet:
        work = {"sampling": "sampled", "fitting": "fitted"}
        done = [f"{work[name]} in {duration(s)}" for name, s in found.result.timings.items() if name in work]
        print(f"{', '.join(done)}; the result is in {written}: arviz.from_netcdf({str(written)!r})")
    return Exit.INTERRUPTED if found.interrupted else Exit.OK


def _show(job: Job, found: Fit, groups: dict[str, Group]) -> None:
    """The summary, and what gives reason to doubt it."""
    if not job.quiet:
        chains = len(found.result.sample.rectangle().lengths)
        print(f"\n{summary_text(found.summary, shapes_of(found.posterior), chains, job.full)}")
        print(findings_text(found.findings), end="", flush=True)
        if found.model.profiled:
            last = found.result.sample.rectangle().positions[0, -1]
            print(f"{profile_text(found.model.profile_times(last), found.result.gradients)}", end="", flush=True)


def _predict(job: Job, found: Fit, groups: dict[str, Group]) -> None:
    """Add the groups that the program's distributions yield."""
    if not job.predict or found.interrupted:
        return
    from pplc.predictive import predictions

    more, reason = predictions(found)
    groups |= more
    if reason:
        say(f"note: no prior draws, because {reason}", job.quiet)
