"""Running R, the outside judge of our files and numbers."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any


def r(script: str, folder: Path) -> Any:
    """Runs an R script in `folder`; what it assigns to `answer` comes back as JSON with all digits."""
    whole = folder / "run.R"
    whole.write_text(f"{script}\ncat(jsonlite::toJSON(answer, digits = NA, auto_unbox = TRUE))\n", encoding="utf-8")
    done = subprocess.run(
        ["Rscript", "--vanilla", whole.name], cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
