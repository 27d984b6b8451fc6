"""The two programs that scans are read with: Tesseract for their letters, ClamAV's daemon to look for malware.

Invariant: what is there already is left as it is. Without root they are unpacked into the project's folder, and small
scripts in ``var/tools/bin`` start them from there.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from deploy.setup import debian
from deploy.setup.journal import ROOT, SetupFailed, say

BIN = ROOT / "var" / "tools" / "bin"
UNPACKED = ROOT / "var" / "tools" / "dist"
LANGUAGES = ("ind", "eng")
TESSERACT = ("tesseract-ocr", "tesseract-ocr-ind", "tesseract-ocr-eng", "tesseract-ocr-osd")
CLAMAV = ("clamav-daemon",)
DEPENDENCIES = ("lib", "tesseract", "clamav")
SEARCHED = f"{BIN}:/usr/local/sbin:/usr/sbin"
"""Beside what PATH names: Debian keeps daemons where an ordinary user's PATH does not lead."""


def ensure() -> bool:
    """Have both; whether anything was done."""
    missing = [*(() if _reads_indonesian() else TESSERACT), *(() if _found("clamd") else CLAMAV)]
    if not missing:
        return False
    if not debian.is_available():
        raise SetupFailed(
            "Tesseract with Indonesian and English, or ClamAV's clamd, is missing and this is not Debian:"
            " install them so that `tesseract` and `clamd` are on PATH."
        )
    if os.geteuid() == 0:
        say(f"installing {', '.join(missing)}")
        debian.install(missing)
    else:
        say("unpacking Tesseract and ClamAV into var/tools (not root, so nothing is installed)")
        UNPACKED.parent.mkdir(parents=True, exist_ok=True)
        write_scripts(debian.unpack([*TESSERACT, *CLAMAV], UNPACKED, DEPENDENCIES), BIN)
    return True


def write_scripts(prefix: Path, folder: Path) -> None:
    """Scripts in ``folder`` that start the programs under ``prefix`` with the libraries and languages from there."""
    folder.mkdir(parents=True, exist_ok=True)
    libraries = ":".join(str(path) for path in sorted(prefix.glob("usr/lib/*-linux-gnu*")))
    tessdata = next(iter(sorted(prefix.glob("usr/share/tesseract-ocr/*/tessdata"))), prefix)
    for name, program in (("tesseract", "usr/bin/tesseract"), ("clamd", "usr/sbin/clamd")):
        script = folder / name
        script.write_text(
            f'#!/bin/sh\nLD_LIBRARY_PATH="{libraries}" TESSDATA_PREFIX="{tessdata}" exec "{prefix / program}" "$@"\n',
            encoding="utf-8",
        )
        script.chmod(0o755)


def _found(program: str) -> str | None:
    return shutil.which(program, path=f"{SEARCHED}:{os.environ.get('PATH', '')}")


def _reads_indonesian() -> bool:
    tesseract = _found("tesseract")
    return tesseract is not None and set(LANGUAGES) <= set(_said([tesseract, "--list-langs"]).split())


def _said(argv: Sequence[str]) -> str:
    try:
        return subprocess.run(argv, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL).stdout
    except OSError:
        return ""
