"""Templates of a regency's units, as data files. Invariant: every file is whole, and uses only templates that are here.

See ``domain/template.py`` for what may stand in one.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

from services.routing.domain.template import Template


@cache
def templates() -> Mapping[str, Template]:
    """Every template by its code, in the order of their files."""
    found = sorted(
        (one for one in files(__package__).iterdir() if one.name.endswith(".yaml")), key=lambda file: file.name
    )
    made = [Template.model_validate(yaml.safe_load(one.read_text(encoding="utf-8"))) for one in found]
    return {template.code: template for template in made}
