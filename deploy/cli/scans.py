"""`lontar scans`: those whose copies were given up, having them tried anew, and those from before there were copies.

It runs as intake, with intake's own rights: the operator's account reads everything and changes nothing.
"""

from typing import Annotated, NoReturn

import typer

from deploy.cli import targets

app = typer.Typer(help="Scans whose copies were given up, or never asked for.", no_args_is_help=True)


@app.command()
def parked() -> None:
    """List them, each with the reason; the originals are whole and can be read."""
    _run("parked")


@app.command()
def retry(
    file_ids: Annotated[list[str] | None, typer.Argument(help="As they are listed.")] = None,
    all_of_them: Annotated[bool, typer.Option("--all", help="All that are parked.")] = False,
) -> None:
    """Have the workers try them anew; exit 1 where one is not parked."""
    if bool(file_ids) == all_of_them:
        targets.fail("Name the files as `lontar scans parked` lists them, or say --all.")
    _run("retry", *(["--all"] if all_of_them else file_ids or []))


@app.command()
def older(stop: Annotated[bool, typer.Option("--stop", help="Go through no more of them.")] = False) -> None:
    """Have copies made of what was registered before there were copies, while nothing else is to be copied."""
    _run("older", *(["--stop"] if stop else []))


def _run(*words: str) -> NoReturn:
    targets.run_as("intake", "services.intake.scans", *words)
