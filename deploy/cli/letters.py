"""`lontar letters`: what is kept of letters, held against their histories, or made anew from them.

It runs as routing, with routing's own rights: the operator's account reads everything and changes nothing.
"""

from typing import Annotated, NoReturn

import typer

from deploy.cli import targets

app = typer.Typer(help="Hold what is kept of letters against their histories, or make it anew.", no_args_is_help=True)


@app.command()
def check() -> None:
    """Compare every letter with its history; exit 1 where one differs."""
    _run("--check")


@app.command()
def rebuild(
    search: Annotated[bool, typer.Option("--search", help="Throw the search's index away and make it anew.")] = False,
    figures: Annotated[bool, typer.Option("--figures", help="Throw away what was measured and measure anew.")] = False,
) -> None:
    """Make anew what differs: letters, branches, boxes and the control list; the search and the figures where asked."""
    given = {"--search": search, "--figures": figures}
    _run(*(name for name, wanted in given.items() if wanted))


def _run(*words: str) -> NoReturn:
    targets.run_as("routing", "services.routing.rebuild", *words)
