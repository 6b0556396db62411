"""The survey that is measured on: made by a fixed seed, written as Parquet (and CSV for R)."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
from measure import ITEMS, MARGINS

DISTRICTS, STRATA, PSUS = 7, 28, 336
LEVELS = {"district": DISTRICTS, "sex": 2, "age": 5}


def made(folder: Path, rows: int) -> Path:
    """A file of 30 five-point items with 3 % gaps; base weights differ by row; margins off by some per cent."""
    path = folder / f"survey-{rows}.parquet"
    if path.exists():
        return path
    partial = path.with_name(f"partial-{path.name}")
    items = ", ".join(
        f"CASE WHEN random() < 0.03 THEN NULL "
        f"ELSE CAST(least(5, 1 + floor(5 * random() * (0.8 + (psu * {i + 7} % 40) / 100.0))) AS TINYINT) END AS {item}"
        for i, item in enumerate(ITEMS)
    )
    with duckdb.connect() as link:
        link.execute("SET threads = 1")  # random numbers come in one order
        link.execute("SELECT setseed(0.42)")
        link.execute(
            f"COPY (SELECT CAST(psu // {PSUS // STRATA} AS TINYINT) AS stratum, psu, "
            f"CAST(psu // {PSUS // DISTRICTS} AS TINYINT) AS district, sex, age, "
            f"20 + 60 * random() + psu % 9 AS w, {items} FROM (SELECT "
            f"CAST(CASE WHEN i < {PSUS * 2} THEN i % {PSUS} ELSE floor(random() * {PSUS}) END AS SMALLINT) AS psu, "
            f"CAST(random() < 0.45 AS TINYINT) AS sex, CAST(floor(random() * 5) AS TINYINT) AS age "
            f"FROM range({rows}) t(i))) TO '{partial}' (FORMAT parquet)"
        )
        size = link.execute(f"SELECT sum(w) FROM '{partial}'").fetchall()[0][0]
    path.with_suffix(".json").write_text(json.dumps({name: _totals(name, float(size)) for name in MARGINS}))
    partial.rename(path)
    return path


def as_csv(path: Path) -> Path:
    """The same rows as CSV."""
    out = path.with_suffix(".csv")
    if not out.exists():
        with duckdb.connect() as link:
            link.execute(f"COPY (SELECT * FROM '{path}') TO '{out}'")
    return out


def plan(path: Path) -> Path:
    """A plan for `survey estimate`: mean and top-two share of every item by district, raked."""
    wanted = json.loads(path.with_suffix(".json").read_text())
    design = {
        "weights": "w",
        "strata": ["stratum"],
        "clusters": ["psu"],
        "adjust": {"method": "rake", "margins": [{"variables": [name], "totals": wanted[name]} for name in MARGINS]},
    }
    asks = [
        {"id": f"{kind} {item}", "design": "city", "statistic": kind, "by": ["district"]}
        | ({"y": item} if kind == "mean" else {"where": {"column": item, "at_least": 4}})
        for kind in ("mean", "proportion")
        for item in ITEMS
    ]
    out = path.with_name(f"{path.stem}-plan.json")
    content = {"format": 1, "data": path.name, "designs": {"city": design}, "ask": asks}
    out.write_text(json.dumps(content))
    return out


def _totals(name: str, size: float) -> dict[str, float]:
    """Shares that grow a little from level to level."""
    parts = [1 + 0.06 * level for level in range(LEVELS[name])]
    return {str(level): size * part / sum(parts) for level, part in enumerate(parts)}
