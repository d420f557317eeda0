"""How Sphinx builds the pages: `make docs`."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "docs" / "_ext")]

from manyworks import __version__  # noqa: E402 - found through the path above

project = "manyworks"
author = "The manyworks authors"
copyright = "2026, The manyworks authors"
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "declarations"]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
nitpicky = False
autodoc_typehints = "description"
autodoc_member_order = "bysource"

html_theme = "furo"
html_title = f"manyworks {__version__}"
# No page asks another host for anything.
html_theme_options = {"source_repository": "", "light_css_variables": {}, "dark_css_variables": {}}
