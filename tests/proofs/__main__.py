"""Lists the proofs, or runs one: python -m tests.proofs [NAME [OPTION...]]. bin/prove calls this."""

import ast
import importlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

import django

HERE = Path(__file__).parent


def proofs():
    """Return what each proof shows, by name."""
    files = sorted(path for path in HERE.glob("*.py") if not path.name.startswith("_"))
    return {path.stem: first_line(path) for path in files}


def first_line(path):
    """Return the first line of a module's docstring without running the module."""
    return (ast.get_docstring(ast.parse(path.read_text())) or "").partition("\n")[0]


def run(name, arguments):
    """Run a proof in a folder of its own, so that no one's data is touched; return its exit status.

    A short one measures nothing, so that its folder may be one that waits for no disk. PROVE_START names a folder that
    somebody has prepared, to begin with a copy of it.
    """
    memory = "/dev/shm"  # noqa: S108 - a fresh folder in it, readable by us only
    quick = "--short" in arguments and os.access(memory, os.W_OK)
    with tempfile.TemporaryDirectory(dir=memory if quick else None) as folder:
        os.environ.pop("DATABASE_URL", None)
        if url := os.environ.get("PROVE_DATABASE_URL"):  # a throwaway server, by bin/prove
            os.environ["DATABASE_URL"] = url
        if start := os.environ.get("PROVE_START"):
            shutil.copytree(start, folder, dirs_exist_ok=True)
        os.environ |= {"SETTLE_DATA": folder, "DJANGO_SETTINGS_MODULE": "project.settings"}
        django.setup()
        return importlib.import_module(f"tests.proofs.{name}").main(arguments)


def main(arguments):
    """List the proofs when none is named, else run the one that is; return its exit status."""
    known = proofs()
    if arguments and arguments[0] in known:
        return run(arguments[0], arguments[1:])
    if arguments:
        print(f"There is no proof called '{arguments[0]}'.")
    print("bin/prove NAME runs one of these:")
    for name, words in known.items():
        print(f"  {name:12}{words}")
    return 2 if arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
