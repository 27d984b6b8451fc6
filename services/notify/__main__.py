"""The program: ``python -m services.notify serve|work|all``."""

from services.chassis.run import main
from services.notify.main import build
from services.notify.settings import NotifySettings

main("notify", NotifySettings, build)
