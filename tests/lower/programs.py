"""Small programs, one per construct, with data: each must give Stan's density and gradient."""

from __future__ import annotations

from typing import Any

N, K = 6, 3
Y = [0.3, -1.2, 2.2, 0.7, 1.9, -0.4]
X = [[0.1, 1.0], [0.2, -1.0], [0.5, 0.3], [-0.4, 0.8], [1.3, 0.0], [0.0, -0.6]]
G = [1, 3, 2, 2, 1, 3]
DATA: dict[str, Any] = {"N": N, "K": K, "y": Y, "x": X, "g": G, "n": [2, 0, 1, 3, 0, 2], "w": [0.5, 1.5, 1.0]}
DECLARED = "data { int N; int K; vector[N] y; matrix[N, 2] x; array[N] int g; array[N] int n; vector[K] w; } "


def program(parameters: str, model: str, before: str = "", functions: str = "") -> str:
    """A program around a model block."""
    head = f"functions {{ {functions} }} " if functions else ""
    return f"{head}{DECLARED} parameters {{ {parameters} }} {before} model {{ {model} }}"


PROGRAMS: dict[str, str] = {
    # loops with independent iterations
    "gather": program("vector[K] a; real<lower=0> s;", "for (i in 1:N) y[i] ~ normal(a[g[i]], s); a ~ normal(0, 1);"),
    "double gather": program(
        "matrix[K, 2] b; real<lower=0> s;",
        "for (i in 1:N) y[i] ~ normal(b[g[i], 1] + b[g[i], 2] * x[i, 1], s); to_vector(b) ~ normal(0, 1);",
    ),
    "nested rectangular": program(
        "vector[K] a; vector[N] b;", "for (i in 1:N) for (k in 1:K) target += -square(a[k] - b[i] * w[k]);"
    ),
    "nested, inner first": program("matrix[N, K] m;", "for (k in 1:K) for (i in 1:N) m[i, k] ~ normal(y[i], w[k]);"),
    "ragged": program("vector[K] a;", "for (i in 1:N) for (k in 1:n[i]) target += -square(a[k] - y[i]);"),
    "ragged slices": program("vector[N] a;", "for (i in 1:N) { int m = n[i]; target += -square(sum(a[1:m]) - y[i]); }"),
    "ragged segments": program("vector[N] a;", "for (i in 1:N) target += -dot_self(segment(a, 1, n[i]));"),
    "fill elementwise": program(
        "vector[K] a; real<lower=0> s;", "vector[N] mu; for (i in 1:N) mu[i] = a[g[i]] * 2; y ~ normal(mu, s);"
    ),
    "fill transposed": program(
        "vector[K] a; vector[N] b;",
        "matrix[K, N] m; for (i in 1:N) for (k in 1:K) m[k, i] = a[k] * b[i]; target += -sum(square(m));",
    ),
    "fill in parts": program(
        "vector[N] a;", "vector[N] b; b[1] = 1; for (i in 2:N) b[i] = a[i - 1]; target += -dot_self(b - y);"
    ),
    "overwrite": program("vector[N] a;", "vector[N] b = a; for (i in 1:N) b[i] = b[i] * y[i]; target += -dot_self(b);"),
    "nothing in each iteration": program(
        "vector[N] a; matrix[N, N] b;",
        "vector[N] c = a; for (i in 1:5) { int j = i + 1; c[i] += sum(a[j:i]) + sum(b[j:i, i] .* b[i, j:i]'); "
        "target += -square(log_sum_exp(append_row(a[j:i], b[i, i]))); } target += -dot_self(c);",
    ),
    "an index twice": program("vector[N] a;", "vector[N] b = a; b[g] = a .* a; target += -dot_self(b - y);"),
    "rows and columns twice": program(
        "matrix[N, 2] a;",
        "matrix[K, K] b = rep_matrix(1, K, K); b[g, {2, 2}] = a .* x; target += -sum(square(b));",
    ),
    "elements of iterations, an index twice": program(
        "vector[N] a;",
        "array[2] vector[K] b; for (k in 1:2) { b[k] = w * k; b[k][g] = a * k; } target += -dot_self(b[1] + b[2]);",
    ),
    "no derivative where a branch is not taken": program(
        "real<lower=0> a;",
        "for (i in 1:N) { real b; real c; if (n[i] > 0) { b = n[i] * a; c = b ^ (0.5 - a) + log(b); } "
        "else { b = -a; c = 0; } target += -square(c); }",
    ),
    "no derivative where nothing is chosen": program(
        "real<lower=0> a;",
        "for (i in 1:N) { real b = n[i] * a; target += n[i] > 0 ? log(b) : -b; "
        "for (k in 1:n[i]) target += -square(log(b) - w[k]); }",
    ),
    "powers of zero": program(
        "real<lower=0> a; real<lower=0, upper=1> p;",
        "target += -sum((a * to_vector(n)) ^ p) - sum((a * to_vector(n)) ^ 0.3); int i = 0; "
        "while (i < N) { i += 1; target += -(a * n[i]) ^ p; }",
    ),
    "overwrite a part by a choice": program(
        "vector[K] a; vector[K] b;",
        "vector[N] m = a[g]; m[1:2] = ((b[1] > 0.2 ? b[2] : b[3]) * a[g])[1:2]; target += -dot_self(m);",
    ),
    "known values, the same before": program(
        "vector[2] b;",
        "matrix[N, 2] m; for (i in 1:N) { vector[2] v = rep_vector(0, 2); v[1] = y[i]; v[2] += w[g[i]]; m[i] = v'; } "
        "target += -dot_self(m * b);",
    ),
    "temporary outside": program(
        "vector[K] a;", "real m; for (i in 1:N) { m = a[g[i]] ^ 2; target += -m * y[i] ^ 2; } target += -m;"
    ),
    "work array": program(
        "vector[K] a; vector[K] b;",
        "vector[K] lp; for (i in 1:N) { for (k in 1:K) lp[k] = normal_lpdf(y[i] | a[k], exp(b[k])); "
        "target += log_sum_exp(lp); }",
    ),
    "accumulate": program("vector[K] a;", "real t = 0; for (i in 1:N) t += a[g[i]] * y[i]; target += -square(t);"),
    "accumulate by group": program(
        "vector[N] a;", "vector[K] t = rep_vector(0, K); for (i in 1:N) t[g[i]] += a[i]; target += -dot_self(t);"
    ),
    "accumulate inner": program(
        "vector[K] a;",
        "for (i in 1:N) { real t = 0; for (k in 1:K) t += a[k] * w[k]; target += -square(t - y[i]); }",
    ),
    "branch on data": program(
        "vector[K] a;", "for (i in 1:N) { if (n[i] > 0) target += -a[g[i]] ^ 2; else target += -a[1] ^ 4; }"
    ),
    "branch assigns": program(
        "vector[K] a;",
        "vector[N] m; for (i in 1:N) { real t; if (y[i] > 0) t = a[1]; else if (n[i] == 0) t = a[2]; else t = a[3]; "
        "m[i] = t; } y ~ normal(m, 1);",
    ),
    "branch guards an index": program(
        "vector[N] a;", "for (i in 1:N) if (i > 1 && y[i - 1] > 0) target += -a[i] ^ 2 * y[i - 1]; a ~ normal(0, 1);"
    ),
    "continue": program(
        "vector[N] a;", "for (i in 1:N) { if (n[i] == 0) continue; target += -a[i] ^ 2; } a ~ normal(0, 2);"
    ),
    "foreach": program("vector[K] a;", "for (v in a) target += -v ^ 2; for (k in g) target += -a[k] ^ 4;"),
    "foreach matrix": program("matrix[2, K] m;", "real t = 1; for (v in m) target += -square(v - t);"),
    "foreach matrix in order": program(
        "matrix[2, K] m;", "real t = 1; for (v in m) t = t * cos(v) + v; target += -square(t);"
    ),
    "foreach matrix, left": program(
        "matrix[2, K] m;", "real t = 0; for (v in m) { if (v > 0.1) break; t += v; } target += -square(t - 1);"
    ),
    "foreach over what it changes": program(
        "vector[K] a;", "vector[K] b = a; for (v in b) { b[K] += 1; target += -square(v); }"
    ),
    "foreach over what it changes, in order": program(
        "vector[K] a;", "vector[K] b = a; real t = 0; for (v in b) { b[K] += t; t = cos(t) * v; } target += t;"
    ),
    "foreach over a copy of what it changes": program(
        "matrix[2, K] m;", "matrix[2, K] b = m; for (v in b[1]) { b[1, K] += 1; target += -square(v); }"
    ),
    "foreach over a copy of what it changes, in order": program(
        "matrix[2, K] m;",
        "matrix[2, K] b = m; real t = 0; for (v in b[1]) { b[1, K] += t; t = cos(t) * v; } target += t;",
    ),
    "empty loop": program("vector[K] a;", "for (i in 2:1) target += a[i + 100]; a ~ normal(0, 1);"),
    "loop of one": program("vector[K] a;", "for (i in 2:2) target += -a[i] ^ 2; a ~ normal(0, 1);"),
    "ternary on data": program("vector[K] a;", "for (i in 1:N) target += -(n[i] > 0 ? a[g[i]] ^ 2 : a[1] ^ 4);"),
    "vector per iteration": program(
        "array[N] vector[K] a;", "for (i in 1:N) a[i] ~ normal(0, 1); for (i in 1:N) target += -log_sum_exp(a[i]);"
    ),
    "matrix rows": program("matrix[N, K] m;", "for (i in 1:N) m[i] ~ normal(y[i], 1);"),
    "columns": program("matrix[N, K] m;", "for (k in 1:K) col(m, k) ~ normal(w[k], 1);"),
    "count of loop": program("real a;", "for (i in 1:N) target += -a ^ 2;"),
    "lag": program("vector[N] a;", "for (i in 2:N) a[i] ~ normal(a[i - 1], 1); a[1] ~ normal(0, 1);"),
    # indexing
    "multi-index": program("vector[K] a; real<lower=0> s;", "y ~ normal(a[g], s); a ~ normal(0, 1);"),
    "ranges": program("vector[N] a;", "a[2:4] ~ normal(1, 1); a[:2] ~ normal(0, 2); a[5:] ~ normal(0, 3);"),
    "matrix multi": program("matrix[K, K] m;", "target += -sum(square(m[{1, 3}, 2:3])) - sum(square(m[2]));"),
    "slice write": program("vector[N] a;", "vector[N] b; b[1:3] = a[4:6]; b[4:6] = a[1:3] * 2; b ~ normal(y, 1);"),
    "row write": program("vector[K] a;", "matrix[2, K] m; m[1] = a'; m[2] = 2 * a'; target += -sum(square(m));"),
    "factors of two covariances": program(
        "cov_matrix[K] a; cov_matrix[K] b;",
        "target += dot_product(to_vector(cholesky_decompose(a)), linspaced_vector(9, 1, 9)) "
        "+ 2 * dot_product(to_vector(cholesky_decompose(b)), linspaced_vector(9, 1, 9));",
    ),
    "rows and columns of vectors": program(
        "vector[K] a;",
        "array[2] int v = dims(a); array[2] int r = dims(a'); array[3] int m = dims({a', a'}); "
        "target += -v[1] * v[2] ^ 2 * square(a[1]) - r[1] * r[2] ^ 2 * square(a[2]) - m[2] * m[3] ^ 2 * square(a[3]); "
        "while (v[1] > 1) { v[1] -= 1; v = dims(head(a, v[1])); "
        "target += -square(a[1]) * v[1] * v[2] ^ 3 * dims({a'})[3] - dims(a')[2] ^ 2 * square(a[2]); }",
    ),
    "constraint functions": program(
        "vector[3] a; matrix[2, 2] b;",
        "target += -sum(square(cov_matrix_constrain(append_row(a, a), 3)));",
        "transformed parameters { vector[4] s = simplex_jacobian(a); matrix[3, 3] z = sum_to_zero_jacobian(b); "
        "vector[3] p = lower_bound_jacobian(a, 0.5); } ",
    ),
    "digamma": program("vector<lower=0>[K] a;", "target += -sum(digamma(a)) - dot_self(a);"),
    # recurrences: generated code
    "recurrence": program(
        "real<lower=-1, upper=1> r; real<lower=0> s;",
        "vector[N] e; e[1] = y[1]; for (i in 2:N) e[i] = y[i] - r * e[i - 1]; e ~ normal(0, s);",
    ),
    "while": program(
        "real<lower=0> a;", "int i = 1; real t = a; while (i < N) { t = t * a + y[i]; i += 1; } target += -t ^ 2;"
    ),
    "branch on parameters": program("real a;", "real t; if (a > 0) t = a ^ 2; else t = -a; target += -t;"),
    "break": program(
        "vector[N] a;",
        "real t = 0; for (i in 1:N) { if (y[i] > 2) break; t += a[i]; } target += -t ^ 2; a ~ normal(0, 1);",
    ),
    # functions
    "user function": program(
        "vector[K] a;",
        "for (i in 1:N) target += f(a[g[i]], y[i]);",
        functions="real f(real m, real v) { if (v > 0) return -square(m - v); real t = m * v; return -t ^ 2; }",
    ),
    "user density": program(
        "real m; real<lower=0> s;",
        "y ~ mine(m, s); m ~ normal(0, 1);",
        functions="real mine_lpdf(vector v, real m, real s) { return normal_lpdf(v | m, s) - log(s); }",
    ),
    "target in function": program(
        "real a;", "f_lp(a);", functions="void f_lp(real a) { target += -a ^ 2; a ~ normal(1, 2); }"
    ),
    "recursion": program(
        "real a;",
        "target += -f(a, 4);",
        functions="real f(real a, int k) { return k == 0 ? 1.0 : a ^ 2 * f(a, k - 1) + 1; }",
    ),
    # truncation
    "truncated below": program("real m;", "for (i in 1:N) y[i] ~ normal(m, 1) T[-2, ];"),
    "truncated both": program("real m; real<lower=0> s;", "for (i in 1:N) y[i] ~ normal(m, s) T[-2, 3];"),
    "truncated above": program("real m;", "for (i in 1:N) y[i] ~ student_t(4, m, 1) T[ , 3];"),
    "truncated counts": program("real<lower=0> r;", "for (i in 1:N) (n[i] + 1) ~ poisson(r) T[1, ];"),
    # constraints
    "bounds from parameters": program(
        "real<lower=0> a; real<lower=0, upper=a> b; vector<lower=-a, upper=w>[K] v;",
        "a ~ normal(0, 1); b ~ normal(0, 1); v ~ normal(0, 1);",
    ),
    "bound by a branch": program("real a; real<lower=(a > 0 ? a : -2 * a)> b;", "a ~ normal(0, 1); b ~ normal(0, 3);"),
    "offset multiplier": program(
        "real m; real<lower=0> s; vector<offset=m, multiplier=s>[K] v;",
        "v ~ normal(m, s); m ~ normal(0, 1); s ~ lognormal(0, 1);",
    ),
    "structured": program(
        "simplex[K] p; ordered[K] o; positive_ordered[K] q; unit_vector[K] u; sum_to_zero_vector[K] z;",
        "target += dot_product(w, p) - dot_self(o) - sum(q) + w[1] * u[2] - dot_self(z);",
    ),
    "matrices": program(
        "corr_matrix[K] R; cov_matrix[K] S; cholesky_factor_corr[K] L; cholesky_factor_cov[K, 2] C;",
        "target += -sum(square(R)) - sum(square(S)) + L[3, 2] - sum(square(C));",
    ),
    "containers of constraints": program(
        "array[2] simplex[K] p; array[2, 2] real<lower=0> r; matrix<lower=0>[2, K] m;",
        "target += p[1, 1] - p[2, 3] - sum(to_array_1d(r)) - m[1, 2] ^ 2 - sum(m);",
    ),
    "transformed data": "data { int N; vector[N] y; } transformed data { vector[N] c; real s = 0; "
    "for (i in 1:N) { s += y[i]; c[i] = s; } "
    "int k = 0; while (k < 3) k += 1; } parameters { real a; } model { c ~ normal(a * k, 1); }",
    "reject": program("real a;", 'if (a > 100) reject("large", a); a ~ normal(0, 1);'),
    "profile and print": program("real a;", 'profile("p") { a ~ normal(0, 1); }'),
}
