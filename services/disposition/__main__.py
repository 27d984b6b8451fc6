"""``python -m services.disposition serve|work|all``."""

from services.chassis.run import main
from services.disposition.main import build
from services.disposition.settings import DispositionSettings

main("disposition", DispositionSettings, build)
