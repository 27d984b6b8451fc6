"""The program: ``python -m services.intake serve|work|all``."""

from services.chassis.run import main
from services.intake.main import build
from services.intake.settings import IntakeSettings

main("intake", IntakeSettings, build)
