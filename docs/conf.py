"""How the pages of the project, and the docstrings of what programs import, become one site: `make docs`.

Pages are read where they are, so a link that is right in the repository is right on the site, and one that leads
nowhere fails the build.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pactmock

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "pactmock"
version = release = pactmock.__version__
project_copyright = "the pactmock contributors, MIT licence"

extensions = ["myst_parser", "sphinx.ext.autodoc"]
root_doc = "README"
include_patterns = ["*.md", "docs/**.md", "docker/README.md"]
myst_heading_anchors = 3
suppress_warnings = ["misc.highlighting_failure"]  # nobody colours csv

default_role = "code"  # docstrings are prose with Markdown's `code`
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_format = "short"
autoclass_content = "both"

html_theme = "furo"
html_title = f"pactmock {version}"
html_copy_source = False

_CONTENTS = {
    "Using it": (
        "docs/control-api",
        "docs/cli",
        "docs/ci",
        "docs/page",
        "docs/reports",
        "docs/python",
        "docs/front-end",
        "docs/ruby",
        "docs/operating",
        "docs/scaling",
        "docs/plugins",
        "docs/matching",
        "docker/README",
        "docs/performance",
        "docs/api",
    ),
    "Working on it": (
        "CONTRIBUTING",
        "docs/architecture",
        "docs/adding-a-rule",
        "docs/adding-a-generator",
        "docs/adding-a-call",
        "docs/threat-model",
        "SECURITY",
        "CHANGELOG",
    ),
    "The reference": (
        "docs/reference/matching",
        "docs/reference/plugins",
        "docs/reference/ruby-api",
        "docs/reference/pact-python",
    ),
}


def setup(app: Sphinx) -> None:
    """Give the first page, which is the README, a table of contents, and the name that web servers look for."""
    app.connect("source-read", _add_contents)
    app.connect("build-finished", _name_first_page)


def _add_contents(_app: Sphinx, page: str, content: list[str]) -> None:
    if page == root_doc:
        for caption, pages in _CONTENTS.items():
            content[0] += "\n".join(["", "```{toctree}", ":hidden:", f":caption: {caption}", "", *pages, "```", ""])


def _name_first_page(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        shutil.copyfile(app.outdir / "README.html", app.outdir / "index.html")
