"""The scripts: ES modules without a build, hashed by the storage, let run by the policy (R26, R30)."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command

ROOT = Path(settings.BASE_DIR)
SCRIPTS = ROOT / "static" / "js"
MODULES = sorted(SCRIPTS.rglob("*.js"))
OURS = [path for path in MODULES if "vendor" not in path.parts]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if "emails" not in path.parts]  # mail has no style sheets
IMPORT = re.compile(r"""^\s*import\b(?:[^"';]*\bfrom\s*)?\s*["']([^"']+)["'](.?)""", re.MULTILINE)
LATER = re.compile(r"""\bimport\(["']([^"']+)["']\)""")  # when it is needed

every_module = pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
every_template = pytest.mark.parametrize(
    "path", PAGES, ids=lambda path: str(path.relative_to(ROOT / "templates"))
)


@pytest.fixture
def collected(settings, tmp_path):
    """Collect the static files as in production; return the folder."""
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "project.storage.ModuleStorage"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    return settings.STATIC_ROOT


def imports(text):
    return IMPORT.findall(text) + [(address, ";") for address in LATER.findall(text)]


# The build that there is not


def test_every_import_of_a_collected_module_is_there_under_its_hashed_name(collected):
    found = 0
    for path in (collected / "js").rglob("*.*.js"):
        for address, _after in imports(path.read_text()):
            found += 1
            assert (path.parent / address).resolve().exists(), f"{path.name} imports {address}"
            assert re.search(r"\.[0-9a-f]{12}\.js$", address), (
                f"{path.name} imports {address} by its plain name"
            )
    assert found


def test_a_sheet_that_imports_others_is_served_as_one_file(collected):
    served = (collected / staticfiles_storage.stored_name("css/style.css")).read_text()
    assert "@import" not in served
    for name in ("base.css", "parts.css"):
        assert (ROOT / "static" / "css" / name).read_text() in served


def test_a_sheet_joined_again_follows_a_change_of_what_it_imports(settings, tmp_path):
    source = tmp_path / "source" / "css"
    source.mkdir(parents=True)
    (source / "all.css").write_text('@import "one.css";\n')
    settings.STATICFILES_DIRS = [source.parent]
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "project.storage.ModuleStorage"}}
    for rule in ("a {}\n", "b {}\n"):
        (source / "one.css").write_text(rule)
        call_command("collectstatic", interactive=False, verbosity=0)
        assert rule in (settings.STATIC_ROOT / staticfiles_storage.stored_name("css/all.css")).read_text()


def test_every_file_that_a_template_names_is_collected(collected):
    named = {
        name
        for path in [*TEMPLATES, ROOT / "templates" / "manifest.json"]
        for name in re.findall(r"""{% static ['"]([^'"]+)['"]""", path.read_text())
    }
    assert named
    assert [
        name
        for name in sorted(named)
        if not staticfiles_storage.exists(staticfiles_storage.stored_name(name))
    ] == []


@every_module
def test_every_import_ends_with_a_semicolon(path):
    """The storage only rewrites those that do."""
    assert [address for address, after in imports(path.read_text()) if after != ";"] == []


@every_module
def test_every_import_is_beside_its_module(path):
    for address, _after in imports(path.read_text()):
        assert address.startswith("./"), address
        assert (path.parent / address).exists(), address


@every_module
def test_no_module_hands_on_what_another_exports(path):
    """The storage does not rewrite `export … from`."""
    assert not re.search(r"\bexport\b[^;]*\bfrom\b\s*[\"']", path.read_text())


@every_module
def test_no_import_is_commented_out(path):
    """The storage would look for its file all the same."""
    assert not re.search(r"(//|/\*|^\s*\*)[^\n]*\bimport\b[^\n]*[\"']", path.read_text(), re.MULTILINE)


def test_every_module_is_asked_for_by_a_page_or_by_another_module():
    worker = ROOT / "templates" / "serviceworker.js"
    asked = {
        name for path in [*TEMPLATES, worker] for name in re.findall(r"js/([\w/.-]+\.js)", path.read_text())
    }
    asked |= {Path(address).name for path in OURS for address, _after in imports(path.read_text())}
    assert sorted({path.name for path in OURS} - asked) == []


# What the content policy lets run


@every_module
def test_no_module_turns_text_into_markup_or_into_a_program(path):
    forbidden = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setTimeout\(\s*[\"'`]"
    )
    assert re.findall(forbidden, path.read_text()) == []


@every_module
def test_no_module_names_another_origin(path):
    assert re.findall(r"""["'`](?:https?:)?//[^"'`]+""", path.read_text()) == []


def test_one_module_makes_the_one_policy_and_it_admits_our_worker_alone():
    makers = [path.name for path in OURS if "createPolicy" in path.read_text()]
    assert makers == ["worker.js"]
    text = (SCRIPTS / "worker.js").read_text()
    assert "const WORKER = `/serviceworker.js?language=${document.documentElement.lang}`;" in text
    assert 'createPolicy("settle", { createScriptURL: admit })' in text
    assert "if (address !== WORKER) throw" in text


@every_template
def test_no_template_has_a_script_or_a_style_of_its_own(path):
    text = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.DOTALL)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    if path.parent.name != "export":  # a file that a person keeps brings its own, and nothing else
        assert not re.search(r"<style\b|\sstyle=", text)
    assert not re.search(r"<[^>]*\son[a-z]+=", text)
    assert not re.search(r"javascript:", text)


@every_template
def test_every_script_of_a_template_is_a_module(path):
    for tag in re.findall(r"<script\b[^>]*>", path.read_text()):
        assert 'type="module"' in tag, tag


# Words


@every_module
def test_r30_no_module_has_a_sentence_of_its_own(path):
    """Words that a person reads come from the page, which translates them; the console is for us."""
    text = re.sub(r"//[^\n]*|/\*.*?\*/|console\.\w+\([^\n]*", "", path.read_text(), flags=re.DOTALL)
    assert re.findall(r"""["'`][A-Z][a-z]+ [a-z]+[^"'`]*["'`]""", text) == []


@every_module
def test_a_module_is_about_one_idea_and_says_which(path):
    text = path.read_text()
    assert text.startswith("// ")
    assert len(text.splitlines()) <= 140
