"""``python -m services.schedule serve|work|all``."""

from services.chassis.run import main
from services.schedule.main import build
from services.schedule.settings import ScheduleSettings

main("schedule", ScheduleSettings, build)
