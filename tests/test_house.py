"""The house stays in order: imports point one way, a site has one name everywhere, the README says what is true."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from astana_crawl.archive import schema
from astana_crawl.run.outcome import NAMES

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "astana_crawl"
README = (ROOT / "README.md").read_text(encoding="utf-8")

# What a room may import from the rest of the house; a room not named here is a mistake.
MAY_IMPORT: dict[str, set[str]] = {
    "items": set(),
    "reference": set(),
    "charset": set(),
    "identity": {"reference"},
    "dates": {"items"},
    "relevance": {"items", "reference"},
    "extract": {"charset", "dates", "identity", "items", "reference"},
    "archive": {"identity", "items", "reference", "relevance"},
    "ask": {"archive", "identity", "items", "reference", "relevance"},
    "settings": set(),
    "discover": {"identity", "items"},
    "fetch": {"archive", "charset", "identity", "reference"},
    "run": {
        "archive",
        "ask",
        "dates",
        "discover",
        "extract",
        "fetch",
        "identity",
        "items",
        "newsspider",
        "reference",
        "relevance",
        "settings",
    },
    "newsspider": {"discover", "extract", "fetch", "items", "run"},
    "pipelines": {"archive", "dates", "identity", "items", "relevance", "run"},
    "spiders": {"discover", "extract", "fetch", "newsspider", "run"},
}
NO_SCRAPY = {"items", "reference", "charset", "identity", "dates", "relevance", "extract", "archive", "ask"}

MODULES = sorted(path for path in PACKAGE.rglob("*.py"))
SITES = sorted(path.stem for path in (PACKAGE / "spiders").glob("*.py") if path.stem != "__init__")
COMMANDS = sorted(path.stem for path in (PACKAGE / "commands").glob("*.py") if path.stem != "__init__")


def room(path: Path) -> str:
    """The first part of a module's path inside the package: extract/body.py is of the room extract."""
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imported(path: Path) -> set[str]:
    """The modules that a file imports anywhere but for type checking alone."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    names: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= (
                {f"{node.module}.{alias.name}" for alias in node.names}
                if node.module == "astana_crawl"
                else {node.module}
            )
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way(path: Path) -> None:
    here = room(path)
    rooms = {name.split(".")[1] for name in imported(path) if name.startswith("astana_crawl.")} - {here, "__version__"}
    if here not in {"commands", "__init__"}:
        assert rooms <= MAY_IMPORT[here], f"{path.name} may not import {rooms - MAY_IMPORT[here]}"
    assert "commands" not in rooms


@pytest.mark.parametrize("path", [path for path in MODULES if room(path) in NO_SCRAPY], ids=lambda path: path.name)
def test_the_thinking_works_without_scrapy(path: Path) -> None:
    assert not {name for name in imported(path) if name.split(".")[0] in {"scrapy", "twisted"}}


def test_the_thinking_really_loads_without_scrapy() -> None:
    modules = ["items", "extract", "dates", "relevance", "identity", "archive", "ask"]
    code = (
        "import sys; "
        + "; ".join(f"import astana_crawl.{name}" for name in modules)
        + "; print('scrapy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_listing_the_sites_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom scrapy.cmdline import execute\n"
        "try: execute(['scrapy', 'list'])\nexcept SystemExit: pass\n"
        "print({'trafilatura', 'dateparser', 'sqlalchemy', 'rich'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == [*SITES, "set()"]


@pytest.mark.parametrize("site", SITES)
def test_a_site_has_one_name(site: str) -> None:
    module = importlib.import_module(f"astana_crawl.spiders.{site}")
    spiders = [
        value for value in vars(module).values() if isinstance(value, type) and value.__module__ == module.__name__
    ]
    assert [spider.__name__ for spider in spiders] == ["".join(part.title() for part in site.split("_")) + "Spider"]
    assert spiders[0].name == site
    assert module.__doc__ and module.__doc__.count("\n") == 0
    assert f"`{site}`" in README, f"add a row for {site} to the table of sites in README.md"
    assert len(list((ROOT / "tests/pages" / site).glob("*.html"))) >= 2, f"save two pages: scrapy try {site} URL --save"


def test_a_site_declares_in_thirty_lines_or_less() -> None:
    lengths = {
        site: len((PACKAGE / f"spiders/{site}.py").read_text().splitlines()) for site in SITES if site != "anysite"
    }
    assert max(lengths.values()) <= 30, lengths


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_modules_and_functions_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert (node.end_lineno or 0) - node.lineno < 40, f"{node.name} is too long"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme_and_has_help(command: str) -> None:
    assert f"scrapy {command}" in README
    shown = subprocess.run(
        [sys.executable, "-m", "scrapy", command, "-h"], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert shown.stdout.startswith(f"Usage\n=====\n  scrapy {command}")


def test_every_table_and_view_is_in_the_readme() -> None:
    assert {name for name in schema.names() if f"| `{name}` |" not in README} == set()


@pytest.mark.parametrize("status", sorted(NAMES))
def test_every_exit_status_is_in_the_readme(status: int) -> None:
    assert re.search(rf"^\| {status} \| {NAMES[status]} \|", README, re.MULTILINE)


def test_only_the_agreed_names_stand_at_the_top() -> None:
    listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=ROOT, check=True).stdout.split(
        "\n"
    )
    tops = {name.split("/")[0] for name in listed if name and not name.startswith(".")}
    assert tops <= {"pyproject.toml", "README.md", "scrapy.cfg", "astana_crawl", "tests", "data", "LICENSE"}
