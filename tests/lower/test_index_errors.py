"""An index out of range is named with its element and the iteration, which are what the user looks for in the data."""

from __future__ import annotations

import pytest

import pplc

DATA = {"N": 3, "M": 2, "g": [1, 2, 7], "h": [[1, 2], [3, 9], [1, 10]], "y": [0.0, 0.0, 0.0, 0.0]}
PROGRAM = """
data {{ int N; int M; array[N] int g; array[N, M] int h; vector[4] y; }}
parameters {{ vector[4] u; }}
model {{
  for (before in 1:2) target += y[before];
  {statement}
}}
"""


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("y[1] ~ normal(u[7], 1);", "this is 7; allowed"),
        ("for (n in 1:N) y[n] ~ normal(u[7], 1);", "this is 7; allowed"),
        ("for (n in 1:N) y[n] ~ normal(u[g[n]], 1);", "this is 7 when n = 3; allowed"),
        ("for (n in 1:N) for (m in 1:M) y[n] ~ normal(u[h[n, m]], 1);", "this is 9 when n = 2, m = 2; allowed"),
        ("for (n in 1:N) for (m in 1:M) y[m] ~ normal(u[g[n]], 1);", "this is 7 when n = 3; allowed"),
        ("for (n in 1:N) for (m in 1:n) y[m] ~ normal(u[n + m], 1);", "this is 5 when n = 3, m = 2; allowed"),
        ("for (n in 1:N) if (n > 2) y[n] ~ normal(u[n + 2], 1);", "this is 5 when n = 3; allowed"),
        ("for (k in g) u[k] ~ normal(0, 1);", "this is 7 when k = 7; allowed"),
        ("u[g] ~ normal(0, 1);", "element 3 is 7; allowed"),
        ("for (n in 1:N) u[h[n]] ~ normal(0, 1);", "element 2 is 9 when n = 2; allowed"),
        ("for (n in 1:N) u[n:g[n]] ~ normal(0, 1);", "this is 5 when n = 3; allowed"),
    ],
)
def test_which_element_in_which_iteration(statement: str, said: str) -> None:
    with pytest.raises(pplc.ProgramError) as error:
        _ = pplc.compile_model(PROGRAM.format(statement=statement), DATA).lowered
    assert f"^ {said} is 1 to 4" in str(error.value)
