"""Uploads with limits small enough to be crossed, and parts as small as S3 takes them."""

import pytest

from services.intake.settings import IntakeSettings
from tests.conftest import SettingsFor
from tests.intake.uploads.tus import Tus
from tests.intake.world import World

MOST = 16 * 1024 * 1024


@pytest.fixture
def intake_settings(settings_for: SettingsFor, bucket: str) -> IntakeSettings:
    """Of a letter 3 MB at once, of an upload 16 MiB."""
    settings: IntakeSettings = settings_for(
        IntakeSettings,
        "intake",
        s3_bucket=bucket,
        max_body_bytes=3_000_000,
        max_file_bytes=1_500_000,
        max_resumable_bytes=MOST,
        max_open_uploads=5,
        max_open_upload_bytes=40 * 1024 * 1024,
        upload_idle_seconds=2,
        upload_save_seconds=0.5,
    )
    return settings


@pytest.fixture
def tus(world: World) -> Tus:
    """The village's operator, uploading."""
    return Tus(world)
