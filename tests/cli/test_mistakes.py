"""Mistakes that people make: each gets one clear message and an exit code, and never a traceback."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

QUICK = ("--draws", "40", "--warmup", "40", "--seed", "1")
OK, PROGRAM, USAGE, DATA, SAMPLING = 0, 1, 2, 3, 4

HALF_NORMAL = "parameters {\n  real<lower=0> mu;\n}\nmodel {\n  mu ~ std_normal();\n}\n"
IMPROPER = "parameters {\n  real mu;\n}\nmodel {\n}\n"
NO_START = "data {\n  real y;\n}\nparameters {\n  real mu;\n}\nmodel {\n  y ~ uniform(mu + 100, mu + 101);\n}\n"
INDEX = """data {
  int N;
  vector[2] y;
}
parameters {
  real mu;
}
model {
  for (n in 1:N) y[n] ~ normal(mu, 1);
}
"""
REJECTS = 'transformed data {\n  int n = 3;\n  if (n > 2) reject("n is ", n);\n}\n'
FAILING = """parameters {
  real mu;
}
model {
  mu ~ std_normal();
}
generated quantities {
  vector[2] z;
  z[3] = mu;
}
"""


@dataclass(frozen=True)
class Mistake:
    """What is typed, the exit code, and what the message must say."""

    arguments: str
    code: int
    says: tuple[str, ...]


MISTAKES = {
    # files
    "no such program": Mistake("nofile.ppl", USAGE, ("there is no file nofile.ppl",)),
    "program without suffix": Mistake("schools", USAGE, ("there is no file schools; did you mean schools.ppl?",)),
    "program is a folder": Mistake(".", USAGE, ("is a folder, not a program",)),
    "program is not text": Mistake("wide.ppl", USAGE, ("wide.ppl is not a text file, or not one in UTF-8",)),
    "data in the program's place": Mistake("schools.json", USAGE, ("looks like data", "MODEL.ppl --data schools.json")),
    "no such data": Mistake("schools.ppl --data nofile.json", DATA, ("there is no file nofile.json",)),
    "CSV as data": Mistake("schools.ppl --data table.csv", DATA, ("not valid JSON", "convert a CSV file to JSON")),
    "broken JSON": Mistake("schools.ppl --data broken.json", DATA, ("broken.json is not valid JSON (line 1, column",)),
    "NA in JSON": Mistake("schools.ppl --data na.json", DATA, ("column 16: Expecting value, found NA, 1]}", "remove")),
    "a comment in JSON": Mistake("schools.ppl --data comment.json", DATA, ("JSON has no comments",)),
    "single quotes": Mistake("schools.ppl --data quotes.json", DATA, ("names and texts stand in double quotes",)),
    "a list as data": Mistake("schools.ppl --data list.json", DATA, ("holds a list, but data is an object",)),
    "empty data": Mistake("schools.ppl --data empty.json", DATA, ("empty.json is empty",)),
    "R that is no dump": Mistake("schools.ppl --data script.R", DATA, ("not an R dump (line 2, column 6)",)),
    "an R dump that lacks a variable": Mistake("schools.ppl --data dump.R", DATA, ("`sigma` is missing",)),
    "a folder as data": Mistake("schools.ppl --data folder", DATA, ("folder is a folder, not a JSON file",)),
    "nothing in the program": Mistake("empty.json", USAGE, ("looks like data",)),
    "include that is not there": Mistake("include.ppl", PROGRAM, ("include.ppl:1:1", "cannot find the file `no.stan`")),
    "include of itself": Mistake("recursive.ppl", PROGRAM, ("`recursive.ppl` includes itself",)),
    "name with an accent": Mistake("accent.ppl", PROGRAM, ("accent.ppl:1:19", "names consist of the letters a to z")),
    "tabs and Windows line ends": Mistake("tabs.ppl", PROGRAM, ("tabs.ppl:5:16 | 5 | x ~ normal(0, gone);",)),
    "a long sum": Mistake("sum.ppl", PROGRAM, ("nothing named `gone`",)),
    "no data": Mistake("schools.ppl", DATA, ("the program needs values for J, y, sigma",)),
    # values
    "integer beyond all bounds": Mistake("schools.ppl --data huge.json", DATA, ("1000000, beyond the range of int",)),
    "negative size": Mistake("schools.ppl --data minus-one.json", DATA, ("- `J` must be at least 0, but it is -1",)),
    "list too deep": Mistake("schools.ppl --data deep.json", DATA, ("`y` has shape 1 × 1 × 1, but vector[J] wants 8",)),
    "value is an object": Mistake("schools.ppl --data object.json", DATA, ("`y` is an object, but a number or list",)),
    "initial value of another shape": Mistake("half.ppl --init two.json", DATA, ("`mu` has shape (2,)",)),
    "initial value that is text": Mistake(
        "half.ppl --init word.json", DATA, ("initial value of `mu` holds 'one', which is not a number",)
    ),
    "too few initial values": Mistake(
        "half.ppl --init both.json", DATA, ("there are initial values for 2 chains, but 4 chains",)
    ),
    "initial values in a list": Mistake(
        "half.ppl --init numbers.json",
        DATA,
        ("holds a list of other things", "a list of one such object for each chain"),
    ),
    "broken initial values": Mistake("half.ppl --init broken.json", DATA, ("found the end of the file",)),
    "capital letters": Mistake("schools.ppl --data capitals.json", DATA, ("Did you mean `j`", "Did you mean `Y`")),
    "missing variable": Mistake("schools.ppl --data missing.json", DATA, ("`sigma` is missing", "vector[J] (line")),
    "misspelt variable": Mistake("schools.ppl --data sgima.json", DATA, ("Did you mean `sgima`",)),
    "wrong length": Mistake("schools.ppl --data short.json", DATA, ("`y` has 7 elements, but vector[J] wants 8",)),
    "text for a number": Mistake("schools.ppl --data text.json", DATA, ("`y[1]` is the text '28'",)),
    "null for a number": Mistake("schools.ppl --data null.json", DATA, ("`y[1]` is null",)),
    "out of bounds": Mistake("schools.ppl --data negative.json", DATA, ("`sigma` must be at least 0", "[1] is -1")),
    "fraction for int": Mistake("schools.ppl --data fraction.json", DATA, ("`J` is 8.5, but int holds integers",)),
    "several problems": Mistake("schools.ppl --data several.json", DATA, ("`y` has 7 elements", "`sigma` is missing")),
    "nan in the data": Mistake(
        "schools.ppl --data nan.json",
        SAMPLING,
        ("`normal_lpdf`: outcome[1] is nan, but must be a number", "variable y holds nan in y[1]"),
    ),
    # programs
    "typo in a distribution": Mistake(
        "typo.ppl --data schools.json", PROGRAM, ("typo.ppl:20:7", "no distribution `norml`", "did you mean `normal`?")
    ),
    "missing semicolon": Mistake(
        "semicolon.ppl --data schools.json", PROGRAM, ("a `;` is missing", "semicolon.ppl:6:")
    ),
    "undeclared variable": Mistake("undeclared.ppl --data schools.json", PROGRAM, ("nothing named `scale`",)),
    "index out of range": Mistake(
        "index.ppl --data index.json", PROGRAM, ("index 3 is outside dimension 1 of `y`", "index.ppl:9:")
    ),
    "the program rejects": Mistake("rejects.ppl", PROGRAM, ("the program rejects its data", "n is 3")),
    "nothing to draw": Mistake(
        "nothing.ppl --data index.json", PROGRAM, ("no parameters and no generated quantities",)
    ),
    "no point to start from": Mistake(
        "start.ppl --data y.json",
        SAMPLING,
        ("line 8: `y ~ uniform(mu + 100, mu + 101);` is -inf", "with mu = ", "help: declare the bounds"),
    ),
    "improper posterior": Mistake(
        "improper.ppl", OK, ("the posterior may be improper", "give every parameter a proper")
    ),
    "generated quantity fails": Mistake("failing.ppl", OK, ("for 160 of 160 draws", "failing.ppl:9:")),
    # options
    "unknown option": Mistake("schools.ppl --chain 2", USAGE, ("No such option '--chain'", "--chains")),
    "unknown choice": Mistake("schools.ppl --metric fishr", USAGE, ("'fishr' is not one of 'fisher'",)),
    "word for a number": Mistake("schools.ppl --draws ten", USAGE, ("'ten' is not a valid integer",)),
    "zero chains": Mistake("schools.ppl --chains 0", USAGE, ("--chains must be at least 1, not 0",)),
    "negative seed": Mistake("schools.ppl --seed -3", USAGE, ("--seed must not be negative",)),
    "impossible setting": Mistake(
        "schools.ppl --target-accept 1.5", USAGE, ("--target-accept must be less than 1, not 1.5",)
    ),
    "another method's option": Mistake(
        "schools.ppl --method advi --warmup 9", USAGE, ("--warmup is not an option of",)
    ),
    "an option of CmdStan": Mistake(
        "schools.ppl --adapt-delta 0.9", USAGE, ("no option --adapt-delta; here it is --target-accept",)
    ),
    "an underscore": Mistake("schools.ppl --save_warmup", USAGE, ("did you mean --save-warmup?",)),
    "a method's other name": Mistake("schools.ppl --method variational", USAGE, ("did you mean advi?",)),
    "a metric's other name": Mistake("schools.ppl --metric dense_e", USAGE, ("did you mean dense?",)),
    "seed that no integer holds": Mistake(f"schools.ppl --seed {10**30}", USAGE, ("--seed must be less than 2^63",)),
    "endless step": Mistake("schools.ppl --step-size inf", USAGE, ("--step-size must be a finite number, not inf",)),
    "data without its option": Mistake("schools.ppl schools.json", USAGE, ("write --data schools.json",)),
    "data before the program": Mistake(
        "schools.json schools.ppl", USAGE, ("write pplc schools.ppl --data schools.json",)
    ),
    "data twice": Mistake("schools.ppl -d schools.json --data y.json", USAGE, ("there are 2 files", "one holds all")),
    "an option in a file's place": Mistake("schools.ppl --data --quiet", USAGE, ("--quiet is another option",)),
    "no dashes": Mistake("schools.ppl data=schools.json", USAGE, ("options begin with two dashes, as in --data",)),
    "a command of CmdStan": Mistake(
        "optimize schools.ppl -d schools.json", USAGE, ("write pplc schools.ppl --method optimize",)
    ),
    "a command of others": Mistake("compile schools.ppl", USAGE, ("no command compile: write pplc schools.ppl",)),
    "two programs": Mistake("schools.ppl improper.ppl", USAGE, ("unexpected extra argument (improper.ppl)",)),
    "misspelt command": Mistake("chekc schools.ppl", USAGE, ("did you mean the command `pplc check`?",)),
    "no such include folder": Mistake("schools.ppl --include no", USAGE, ("--include no: there is no such folder",)),
    # starts and results
    "no such initial values": Mistake("schools.ppl --init no.json", USAGE, ("--init no.json: there is no such file",)),
    "initial value out of bounds": Mistake(
        "half.ppl --init minus.json", DATA, ("`mu`: must be at least 0, but it is -1",)
    ),
    "initial value for nothing": Mistake(
        "half.ppl --init nu.json", DATA, ("initial values are given for `nu`", "parameters are mu")
    ),
    "result exists": Mistake("half.ppl --output table.csv.nc", USAGE, ("the file exists", "--overwrite")),
    "result of another kind": Mistake("half.ppl --output half.csv", USAGE, ("the name must end in .nc",)),
    "result in no folder": Mistake("half.ppl --output no/half.nc", USAGE, ("there is no folder no",)),
    "summary of a folder": Mistake("summary folder", USAGE, ("folder is a folder, not a result",)),
    "summary of nothing": Mistake("summary no.nc", USAGE, ("there is no file no.nc",)),
    "negative warmup": Mistake("half.ppl --warmup -1", USAGE, ("--warmup must be at least 0, not -1",)),
    "no step": Mistake("half.ppl --step-size 0", USAGE, ("--step-size must be greater than 0, not 0",)),
    "unknown stage": Mistake("half.ppl --emit all", USAGE, ("'all' is not one of 'ast', 'ir'",)),
    "no time": Mistake("half.ppl --time-limit -1", USAGE, ("--time-limit must be positive, not -1",)),
    "summary of no result": Mistake("summary table.csv", DATA, ("table.csv is not a result that can be read",)),
}


@pytest.fixture
def files(tmp_path, schools):
    """Everything the mistakes need, in the folder where `pplc` runs."""
    program = (tmp_path / "schools.ppl").read_text()
    data = {
        "missing": {name: value for name, value in schools.items() if name != "sigma"},
        "sgima": {"J": 8, "y": schools["y"], "sgima": schools["sigma"]},
        "short": {**schools, "y": schools["y"][:7]},
        "several": {"J": 8, "y": schools["y"][:7]},
        "text": {**schools, "y": ["28", *schools["y"][1:]]},
        "null": {**schools, "y": [None, *schools["y"][1:]]},
        "nan": {**schools, "y": ["NaN", *schools["y"][1:]]},
        "negative": {**schools, "sigma": [-1, *schools["sigma"][1:]]},
        "fraction": {**schools, "J": 8.5},
        "list": [1, 2],
        "index": {"N": 3, "y": [1, 2]},
        "y": {"y": 0},
        "minus": {"mu": -1},
        "nu": {"nu": 1},
        "huge": {**schools, "J": 10**6 * 10**24 + 1000000},
        "minus-one": {**schools, "J": -1},
        "deep": {**schools, "y": [[[1]]]},
        "object": {**schools, "y": {"1": 2}},
        "two": {"mu": [1, 2]},
        "word": {"mu": "one"},
        "both": [{"mu": 1}, {"mu": 2}],
        "numbers": [1, 2],
        "capitals": {"j": 8, "Y": schools["y"], "sigma": schools["sigma"]},
    }
    texts = {
        "typo.ppl": program.replace("normal(theta", "norml(theta"),
        "semicolon.ppl": program.replace("vector[J] y;", "vector[J] y"),
        "undeclared.ppl": program.replace("normal(0, 5)", "normal(0, scale)"),
        "improper.ppl": IMPROPER,
        "start.ppl": NO_START,
        "index.ppl": INDEX,
        "rejects.ppl": REJECTS,
        "failing.ppl": FAILING,
        "half.ppl": HALF_NORMAL,
        "nothing.ppl": "data {\n  int N;\n}\n",
        "na.json": '{"J": 2, "y": [NA, 1]}',
        "comment.json": '{"J": 8, // eight\n "y": 1}',
        "quotes.json": "{'J': 8}",
        "broken.json": '{"J": 8, ',
        "table.csv": "a,b\n1,2\n",
        "table.csv.nc": "",
        "empty.json": "",
        "dump.R": "J <- 2\ny <- c(1, 2)\n",
        "script.R": "J <- 8\ny <- list(1, 2)\n",
        "include.ppl": "#include no.stan\n",
        "recursive.ppl": "#include recursive.ppl\n",
        "accent.ppl": "parameters { real é; }\n",
        "tabs.ppl": "parameters {\r\n\treal x;\r\n}\r\nmodel {\r\n\tx ~ normal(0, gone);\r\n}\r\n",
        "sum.ppl": f"parameters {{ real x; }} model {{ x ~ normal({'1 + ' * 3000} gone, 1); }}\n",
    }
    for name, values in data.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(values))
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "folder").mkdir()
    (tmp_path / "wide.ppl").write_bytes("// café\n".encode("utf-16"))


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES.keys())
def test_mistake(mistake, pplc):
    arguments = mistake.arguments.split()
    needs_quick = mistake.code in (OK, SAMPLING)
    done = pplc(*arguments, *(QUICK if needs_quick else ()))
    text = " ".join((done.stdout + done.stderr).split())  # messages wrap
    assert done.returncode == mistake.code, text
    for part in mistake.says:
        assert part in text
    assert "Traceback" not in text
    if mistake.code == USAGE:
        assert done.stdout == ""
        assert done.stderr.count("error: ") == 1


def test_old_syntax_is_said_once(pplc, tmp_path):
    (tmp_path / "old.ppl").write_text(
        "data {\n  int N;\n  int y[N];\n  real x[N];\n}\nparameters {\n  real a[2];\n}\n"
        "model {\n  real m;\n  m <- a[1];\n  a ~ normal(m, sigma);\n}\n"
    )
    text = pplc("old.ppl").stderr
    assert text.count("the sizes of an array stand before its type") == 1
    assert "write `array[N] TYPE NAME`; the same in lines 4, 7" in text
    assert text.count("`pplc format --upgrade --write old.ppl` replaces all old syntax") == 1
    assert "values are assigned with `=`" in text
    assert "nothing named `sigma`" in text
    assert pplc("check", "old.ppl").stderr.count("the sizes of an array stand before its type") == 3


def test_initial_values_of_each_chain_and_of_fewer_chains(pplc, tmp_path):
    (tmp_path / "half.ppl").write_text(HALF_NORMAL)
    (tmp_path / "each.json").write_text(json.dumps([{"mu": 1}, {"mu": 2}]))
    run = ("half.ppl", *QUICK, "--overwrite", "-o", "r.nc")
    assert pplc(*run, "--init", "each.json", "--chains", 2).returncode == OK
    assert pplc(*run, "--init", "r.nc", "--chains", 3).returncode == OK
    assert pplc(*run, "--init", "r.nc", "--chains", 1).returncode == OK


def test_a_bug_of_ours_is_called_one(monkeypatch, capsys):
    from pplc.cli import exits

    def broken():
        raise RuntimeError("a bug")

    assert exits.guarded(broken) == 70
    assert "this is a bug in pplc" in capsys.readouterr().err
