"""What the page on keeping the organisation says of files is so."""

import csv
import re
from pathlib import Path

from services.routing.domain.importing.form import SHEETS
from services.routing.domain.importing.plan import plan_file
from services.routing.domain.importing.rows import parse
from services.routing.domain.picture import Changes, Picture
from services.routing.templates import templates
from tests.routing.domain.importing.files import TODAY

PAGE = (Path(__file__).parents[4] / "docs/operations/organisation.md").read_text(encoding="utf-8")


def test_its_sample_can_be_taken_in_and_again() -> None:
    found = re.findall(r"```csv (\w+)\n(.*?)```", PAGE, flags=re.DOTALL)
    assert [name for name, _ in found] == list(SHEETS)
    sheets = {name: list(enumerate(csv.reader(text.splitlines()), start=1)) for name, text in found}
    plan = plan_file(Picture(), parse(sheets), TODAY)
    assert plan.mistakes == ()
    assert len(plan.changes.made) == 6 + 7 + 3 + 3
    again = plan_file(Picture().having(*plan.changes.made), parse(sheets), TODAY)
    assert (again.changes, again.mistakes) == (Changes(), ())


def test_it_tells_of_every_column_choice_and_template() -> None:
    rows = re.findall(r"^\| (?:`(\w+)` )?\| (\**)([a-z_]+)\*{0,2} \|(.*)\|$", PAGE, flags=re.MULTILINE)
    sheet, told = "", {}
    for name, bold, heading, about in rows:
        sheet = name or sheet
        told[sheet, heading] = (bool(bold), about.strip())
    for name, columns in SHEETS.items():
        for column in columns:
            required, about = told.pop((name, column.heading))
            assert required == column.required, column.heading
            if len(column.spoken()) > 2 and column.field != "capacity":
                assert about == ", ".join(column.spoken())
    assert told == {}
    assert all(f"`{code}`" in PAGE for code in templates())
