"""Templates of a regency's units."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from services.chassis.auth import Caller
from services.chassis.conditions import Writer
from services.chassis.errors import not_found
from services.chassis.openapi import problems
from services.routing.api.organisation_files import DryRun, PlanView, plan_view
from services.routing.commands.apply_template import TemplateUse, apply_template
from services.routing.domain.template import Template
from services.routing.registry import Org
from services.routing.templates import templates

router = APIRouter(prefix="/v1/organisation/templates", tags=["routing"])


class ParameterView(BaseModel):
    """What a template may be given, and what it is where it is not: a text, or a list of names."""

    name: str
    about: str
    default: Any


class TemplateSummary(BaseModel):
    """A template, by its code."""

    code: str
    title: str
    about: str
    parameters: list[ParameterView]


class TemplateView(TemplateSummary):
    """A template with the units and positions it makes."""

    unit: dict[str, Any]


class TemplateList(BaseModel):
    """All of them."""

    items: list[TemplateSummary]


def _summary(template: Template) -> dict[str, Any]:
    return template.model_dump(mode="json", include={"code", "title", "about", "parameters"})


@router.get("", operation_id="list_templates", summary="Templates of units", responses=problems(401))
async def list_templates(_: Caller) -> TemplateList:
    """From the whole regency to a village."""
    return TemplateList(items=[TemplateSummary.model_validate(_summary(one)) for one in templates().values()])


@router.get("/{code}", operation_id="get_template", summary="A template", responses=problems(401, 404))
async def get_template(_: Caller, code: str) -> TemplateView:
    """With everything in it."""
    template = templates().get(code)
    if template is None:
        raise not_found("Templat")
    unit = template.unit.model_dump(mode="json", exclude_defaults=True)
    return TemplateView.model_validate({**_summary(template), "unit": unit})


@router.post(
    "/{code}/apply",
    operation_id="apply_template",
    summary="Make the units and positions of a template",
    responses=problems(401, 403, 404, 422),
)
async def post_apply(org: Org, caller: Writer, code: str, body: TemplateUse, dry_run: DryRun = False) -> PlanView:
    """What is there already is left as it is; the same again makes what is missing, which may be nothing."""
    plan = await apply_template(org, caller, code, body, dry_run=dry_run)
    return plan_view(plan, dry_run=dry_run)
