"""What every file goes through before it is kept: a judge, then the malware scanner where there is one.

Invariant: whoever gets an answer from here has a file that was judged within limits, and scanned where that is asked
for; all else is raised.
"""

import logging
from dataclasses import dataclass

from services.chassis.files.inspection import ScanFinding
from services.chassis.files.judges import Judges, judges_of
from services.chassis.files.limits import FileLimits
from services.chassis.files.malware import MalwareScanner
from services.chassis.files.received import Received
from services.chassis.files.refusal import malware
from services.chassis.files.settings import FileSettings
from services.chassis.health import Health

audit = logging.getLogger("lontar.audit")


@dataclass(frozen=True)
class FileChecks:
    """The judges of this process, the limits they go by, and the scanner."""

    judges: Judges
    limits: FileLimits
    scanner: MalwareScanner | None

    @classmethod
    def lay(cls, settings: FileSettings) -> "FileChecks":
        """Build it; starts nothing and touches no network."""
        return cls(judges_of(settings.judge_bounds), settings.file_limits, settings.malware_scanner)

    def report_to(self, health: Health) -> None:
        """Show whether the scanner is there; while it is not, nothing can be brought and all else goes on."""
        if self.scanner is not None:
            health.probe("malware_scanner", self.scanner.reachable, decides=False)

    async def scan(self, file: Received) -> ScanFinding:
        """What the scan is and how many pages it has; raises Unacceptable."""
        finding = await self.judges.scan(file, self.limits)
        await self._look_for_malware(file)
        return finding

    async def document(self, file: Received) -> str:
        """The media type of a scan or of an office program's document; raises Unacceptable."""
        media_type = await self.judges.document(file, self.limits)
        await self._look_for_malware(file)
        return media_type

    async def _look_for_malware(self, file: Received) -> None:
        if self.scanner is None:
            return
        threat = await self.scanner.threat_in(file.content, file.size)
        if threat is not None:
            audit.warning(
                "malware was found in a file, which is refused",
                extra={"threat": threat, "file": file.name, "sha256": file.sha256, "size": file.size},
            )
            raise malware()
