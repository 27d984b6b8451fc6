"""``python -m services.routing serve|work|all``."""

from services.chassis.run import main
from services.routing.main import build
from services.routing.settings import RoutingSettings

main("routing", RoutingSettings, build)
