"""The house as it is drawn: imports run downward, files and functions stay short, names say what for."""

import ast
import sys
from functools import cache
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).resolve().parent.parent
LONGEST_FILE, LONGEST_FUNCTION = 200, 30
MEDIAN_FILE, MEDIAN_FUNCTION = 60, 8
FLOWS = "the modules directly in checklist/"
# From the doors at the top to the ground. A module belongs to the layer that names it or a folder above it.
LAYERS = (
    ("project.urls", "project.wsgi"),
    ("checklist.urls", "checklist.apps"),
    ("checklist.views",),
    ("checklist.management",),
    ("checklist.signing_in", "checklist.templatetags"),
    ("checklist.forms", "checklist.access"),
    (FLOWS,),
    ("checklist.channels",),
    ("checklist.checks",),
    ("checklist.models",),
    ("checklist.pure",),
    ("project",),
)
# The one place that may import by a name: it puts a recent SQLite under Django.
IMPORTS_BY_NAME = {"project.sqlite"}
SAYS_NOTHING = {"utils", "helpers", "services", "common", "misc", "tools", "lib", "managers"}


def source_files():
    """Return the Python files of the product; migrations are written by a machine."""
    files = [path for folder in ("project", "checklist") for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in files if "migrations" not in path.parts]


def files_of_tests():
    return [*sorted((ROOT / "tests").glob("*.py")), *sorted((ROOT / "tests" / "browser").glob("*.py"))]


def dotted(path):
    """Return a file's name as it is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree(path):
    return ast.parse(path.read_text(), filename=str(path))


@cache
def modules():
    """Return {module: its syntax tree} of the product."""
    return {dotted(path): tree(path) for path in source_files()}


def imports(nodes, known=()):
    """Return the modules that these nodes import; `from a import b` is a.b where that is a module."""
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            whole = [f"{node.module}.{alias.name}" for alias in node.names]
            found |= {name if name in known else node.module for name in whole}
    return found


def ours(module):
    """Return the modules of the product that a module imports."""
    found = imports(ast.walk(modules()[module]), modules())
    return {name for name in found if name.split(".")[0] in ("project", "checklist")}


def layer(module):
    """Return how far below the top a module stands; None when the drawing has no place for it."""
    parts = module.split(".")
    names = {".".join(parts[:length]) for length in range(1, len(parts) + 1)}
    for depth, members in enumerate(LAYERS):
        if names & set(members):
            return depth
    return LAYERS.index((FLOWS,)) if len(parts) == 2 and parts[0] == "checklist" else None


def functions(path):
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def lines(node):
    return node.end_lineno - node.lineno + 1


def calls(module):
    """Return the last part of the name of everything that a module calls."""
    called = [node.func for node in ast.walk(modules()[module]) if isinstance(node, ast.Call)]
    return {getattr(function, "attr", getattr(function, "id", "")) for function in called}


# Imports


def test_every_module_has_a_place_in_the_drawing():
    homeless = [module for module in modules() if layer(module) is None and module != "checklist"]
    assert homeless == [], "name the layer of a new folder in LAYERS and in docs/"


def test_imports_run_downward_only():
    upward = [(module, name) for module in modules() for name in ours(module) if layer(name) < layer(module)]
    assert upward == []


def test_the_layers_are_drawn_from_top_to_ground():
    walk = [
        "project.urls",
        "checklist.urls",
        "checklist.views.health",
        "checklist.management.commands.prepare",
    ]
    walk += ["checklist.signing_in", "checklist.access", "checklist.ticking", "checklist.channels.email"]
    walk += ["checklist.checks", "checklist.models.ticks", "checklist.pure.fold", "project.sqlite"]
    assert set(walk) <= set(modules())
    assert all(layer(above) < layer(below) for above, below in pairwise(walk))


def test_no_import_goes_round_in_a_circle():
    graph = {module: ours(module) - {module} for module in modules()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_every_import_of_ours_leads_to_a_file():
    assert [(module, name) for module in modules() for name in ours(module) if name not in modules()] == []


def test_no_import_hides_inside_a_function():
    hidden = {
        path: [imports(ast.walk(function)) for function in functions(path)]
        for path in source_files() + files_of_tests()
    }
    assert [str(path) for path, names in hidden.items() if any(names)] == []


def test_imports_name_their_module_in_full():
    nodes = [(module, node) for module, whole in modules().items() for node in ast.walk(whole)]
    assert [module for module, node in nodes if isinstance(node, ast.ImportFrom) and node.level] == []


def test_nothing_is_imported_by_a_name_that_no_test_can_read():
    by_name = {
        module for module in modules() if calls(module) & {"import_module", "__import__", "import_string"}
    }
    assert by_name == IMPORTS_BY_NAME


def test_pure_needs_nothing_but_python():
    pure = [name for name in modules() if name.startswith("checklist.pure")]
    needed = {name for module in pure for name in imports(ast.walk(modules()[module]))}
    assert len(pure) > 3
    assert {name for name in needed if name.split(".")[0] not in sys.stdlib_module_names} <= set(pure) | {
        "checklist.pure"
    }


# Names and sizes


def test_no_module_has_a_name_that_says_nothing():
    assert [module for module in modules() if set(module.split(".")) & SAYS_NOTHING] == []


def test_every_file_says_what_it_is_for():
    assert [
        path.name for path in source_files() if path.read_text().strip() and not ast.get_docstring(tree(path))
    ] == []


def test_a_file_fits_in_a_head():
    sizes = {dotted(path): len(path.read_text().splitlines()) for path in source_files()}
    assert {name: size for name, size in sizes.items() if size > LONGEST_FILE} == {}


def test_a_function_fits_on_a_screen():
    sizes = {
        f"{dotted(path)}.{function.name}": lines(function)
        for path in source_files()
        for function in functions(path)
    }
    assert {name: size for name, size in sizes.items() if size > LONGEST_FUNCTION} == {}


def test_files_and_functions_are_short_on_the_whole():
    files = [len(path.read_text().splitlines()) for path in source_files() if path.read_text().strip()]
    lengths = [lines(function) for path in source_files() for function in functions(path)]
    print(f"{len(files)} files, median {median(files):g} lines, longest {max(files)}")
    print(f"{len(lengths)} functions, median {median(lengths):g} lines, longest {max(lengths)}")
    assert median(files) <= MEDIAN_FILE
    assert median(lengths) <= MEDIAN_FUNCTION
