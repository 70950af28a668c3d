"""Makes `notebooks/*.ipynb` from the `.py` files beside them, which are the source; --check says whether they are current.

Outputs are not kept: a test runs every notebook, and `jupyter nbconvert --execute` shows it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import jupytext
import nbformat

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"


def made(source: Path) -> str:
    notebook = jupytext.read(source)
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"{source.stem[:1]}-{number}"
        cell["metadata"] = {}
    text: str = nbformat.writes(notebook)
    return text + "\n"


if __name__ == "__main__":
    stale = []
    for source in sorted(FOLDER.glob("*.py")):
        target = source.with_suffix(".ipynb")
        if "--check" not in sys.argv:
            target.write_text(made(source))
        elif not target.exists() or target.read_text() != made(source):
            stale.append(target.name)
    if stale:
        sys.exit(f"not current: {', '.join(stale)}: run python tools/notebooks.py")
