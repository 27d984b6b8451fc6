"""Set-up: does nothing when all is there, repairs what was interrupted, says one sentence when it cannot."""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from deploy.embedded.layout import ROOT
from deploy.setup import broker, debian, environment, journal, tools
from deploy.setup.journal import SetupFailed

Commands = list[list[str]]


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Commands:
    """A project folder in a temporary place, and the commands that would have been run there."""
    ran: Commands = []

    def run(argv: Sequence[str], failure: str, **_: object) -> str:
        ran.append(list(argv))
        if "venv" in argv:
            (tmp_path / ".venv" / "bin").mkdir(parents=True)
            (tmp_path / ".venv" / "bin" / "python").touch()
        return ""

    (tmp_path / "requirements-dev.lock").write_text(
        "pip==1 \\\n    --hash=sha256:aa\nzip==2 \\\n    --hash=sha256:bb\n"
    )
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    monkeypatch.setattr(environment, "run", run)
    monkeypatch.setattr(environment, "succeeds", lambda argv: Path(argv[0]).exists())
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "STATE", tmp_path / "var" / "setup")
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(environment, "LOCK", tmp_path / "requirements-dev.lock")
    monkeypatch.setattr(environment, "PROJECT", tmp_path / "pyproject.toml")
    monkeypatch.setattr(environment, "PACKAGES_STAMP", tmp_path / ".venv" / "packages")
    monkeypatch.setattr(environment, "PROJECT_STAMP", tmp_path / ".venv" / "project")
    monkeypatch.setattr(environment, "UNFINISHED", tmp_path / "var" / "setup" / "unfinished")
    return ran


class TestEnvironment:
    def test_second_run_does_nothing(self, commands: Commands) -> None:
        assert environment.ensure() is True
        commands.clear()
        assert environment.ensure() is False
        assert commands == []

    def test_packages_are_installed_with_hashes_and_without_building(self, commands: Commands) -> None:
        environment.ensure()
        [install] = [argv for argv in commands if "--require-hashes" in argv]
        assert "--only-binary" in install

    def test_new_lock_is_installed_into_the_same_environment(self, commands: Commands, tmp_path: Path) -> None:
        environment.ensure()
        commands.clear()
        (tmp_path / "requirements-dev.lock").write_text("pip==2\n")
        assert environment.ensure() is True
        assert not [argv for argv in commands if "venv" in argv]
        assert [argv for argv in commands if "--require-hashes" in argv]

    def test_interrupted_run_is_thrown_away_and_begun_anew(
        self, commands: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole: Callable[..., str] = vars(environment)["run"]

        def interrupted(argv: Sequence[str], failure: str) -> str:
            if "--require-hashes" in argv:
                (tmp_path / ".venv" / "half a package").touch()
                raise KeyboardInterrupt
            return whole(argv, failure)

        monkeypatch.setattr(environment, "run", lambda argv, failure, **_: interrupted(argv, failure))
        with pytest.raises(KeyboardInterrupt):
            environment.ensure()
        monkeypatch.setattr(environment, "run", whole)
        assert environment.ensure() is True
        assert not (tmp_path / ".venv" / "half a package").exists()
        assert environment.ensure() is False

    def test_change_in_how_the_code_is_checked_installs_nothing(self, commands: Commands, tmp_path: Path) -> None:
        environment.ensure()
        (tmp_path / "pyproject.toml").write_text("[project]\n[tool.ruff]\nline-length = 90\n")
        assert environment.ensure() is False
        (tmp_path / "pyproject.toml").write_text('[project]\nname = "lontar"\n')
        assert environment.ensure() is True

    def test_environment_of_another_python_is_replaced(self, commands: Commands, tmp_path: Path) -> None:
        environment.ensure()
        (tmp_path / ".venv" / "packages").write_text("abc 3.10.1\n")
        commands.clear()
        environment.ensure()
        assert [argv for argv in commands if "venv" in argv]

    def test_lock_of_pip_alone_is_its_entry_with_its_hashes(self, commands: Commands) -> None:
        environment.UNFINISHED.parent.mkdir(parents=True)
        assert environment._pip_alone().read_text() == "pip==1 \\\n    --hash=sha256:aa\n"


class TestBroker:
    def test_nothing_is_done_where_a_broker_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LONTAR_AMQP_URL", "amqp://elsewhere")
        monkeypatch.setattr(broker, "SCRIPT", Path("no/such/script"))
        assert broker.ensure() is False

    def test_not_debian_is_one_clear_sentence(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("LONTAR_AMQP_URL", raising=False)
        monkeypatch.setattr(broker, "SCRIPT", Path("no/such/script"))
        monkeypatch.setattr(debian, "is_available", lambda: False)
        with pytest.raises(SetupFailed, match="RabbitMQ is missing and this is not Debian"):
            broker.ensure()

    def test_unpacked_erlang_is_told_where_it_is(self, tmp_path: Path) -> None:
        script = tmp_path / "usr/lib/erlang/bin/erl"
        script.parent.mkdir(parents=True)
        script.write_text("if x; then\n    ROOTDIR=/usr/lib/erlang\nfi\n", encoding="utf-8")
        broker.relocate(tmp_path)
        assert f"    ROOTDIR={tmp_path}/usr/lib/erlang\n" in script.read_text(encoding="utf-8")


class TestTools:
    @pytest.fixture
    def bare(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """A machine without either program, and the folders they would be put in."""
        monkeypatch.setattr(tools, "SEARCHED", str(tmp_path / "tools" / "bin"))
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.setattr(tools, "BIN", tmp_path / "tools" / "bin")
        monkeypatch.setattr(tools, "UNPACKED", tmp_path / "tools" / "dist")
        return tmp_path

    def test_not_debian_is_one_clear_sentence(self, bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(debian, "is_available", lambda: False)
        with pytest.raises(SetupFailed, match=r"Tesseract .* is missing and this is not Debian"):
            tools.ensure()

    def test_root_installs_what_is_missing_alone(self, bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (bare / "clamd").touch(0o755)
        installed: list[Sequence[str]] = []
        monkeypatch.setattr("os.geteuid", lambda: 0)
        monkeypatch.setattr(debian, "is_available", lambda: True)
        monkeypatch.setattr(debian, "install", installed.append)
        assert tools.ensure() is True
        assert installed == [list(tools.TESSERACT)]

    def test_without_indonesian_it_is_not_there(self, bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        script = bare / "tesseract"
        script.write_text("#!/bin/sh\necho eng\n")
        script.chmod(0o755)
        assert not tools._reads_indonesian()
        script.write_text("#!/bin/sh\necho eng\necho ind\n")
        assert tools._reads_indonesian()

    def test_unpacked_programs_start_with_their_own_libraries_and_languages(
        self, bare: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def unpacked(packages: Sequence[str], target: Path, dependencies: Sequence[str]) -> Path:
            (target / "usr/lib/x86_64-linux-gnu").mkdir(parents=True)
            (target / "usr/share/tesseract-ocr/5/tessdata").mkdir(parents=True)
            for program in ("usr/bin/tesseract", "usr/sbin/clamd"):
                (target / program).parent.mkdir(parents=True, exist_ok=True)
                (target / program).write_text('#!/bin/sh\necho "$LD_LIBRARY_PATH|$TESSDATA_PREFIX|$1"\n')
                (target / program).chmod(0o755)
            return target

        monkeypatch.setattr("os.geteuid", lambda: 1000)
        monkeypatch.setattr(debian, "is_available", lambda: True)
        monkeypatch.setattr(debian, "unpack", unpacked)
        assert tools.ensure() is True
        said = subprocess.run([tools.BIN / "clamd", "--version"], capture_output=True, text=True, check=True).stdout
        libraries, languages, argument = said.strip().split("|")
        assert Path(libraries) == tools.UNPACKED / "usr/lib/x86_64-linux-gnu"
        assert Path(languages) == tools.UNPACKED / "usr/share/tesseract-ocr/5/tessdata"
        assert argument == "--version"


class TestServicesStayDown:
    @pytest.fixture
    def policy(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setattr(debian, "POLICY", tmp_path / "policy-rc.d")
        monkeypatch.setattr(debian, "SAVED", tmp_path / "saved")
        return tmp_path / "policy-rc.d"

    def test_no_service_may_start_meanwhile_and_nothing_stays(self, policy: Path) -> None:
        with debian._services_stay_down():
            assert subprocess.run([policy], check=False).returncode == 101
        assert not policy.exists()

    def test_policy_of_the_machine_is_put_back_even_after_a_failure(self, policy: Path) -> None:
        policy.write_text("the machine's own")
        with pytest.raises(SetupFailed), debian._services_stay_down():
            raise SetupFailed("apt")
        assert policy.read_text() == "the machine's own"

    def test_policy_left_by_a_killed_run_is_put_back(self, policy: Path) -> None:
        policy.write_text("the machine's own")
        policy.rename(debian.SAVED)
        policy.write_text(debian.OURS)
        with debian._services_stay_down():
            pass
        assert policy.read_text() == "the machine's own"


class TestJournal:
    @pytest.fixture(autouse=True)
    def _log(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(journal, "LOG", tmp_path / "log" / "setup.log")

    def test_failure_says_what_why_and_where_the_rest_is(self) -> None:
        argv = [sys.executable, "-c", "print('E: paket hilang'); print('lain'); raise SystemExit(2)"]
        with pytest.raises(SetupFailed, match=r"^It failed \(E: paket hilang; all of it is in .*setup\.log\)$"):
            journal.run(argv, "It failed")
        assert "lain" in journal.LOG.read_text(encoding="utf-8")

    def test_missing_program_is_a_sentence_too(self) -> None:
        with pytest.raises(SetupFailed, match="No such file"):
            journal.run(["/no/such/program"], "It failed")


class TestThisMachine:
    def test_set_up_that_is_done_says_nothing(self) -> None:
        """The tests run from the environment set-up made, so it must find nothing to do."""
        done = subprocess.run(
            [environment.PYTHON, "-m", "deploy.setup"], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

    def test_python_found_is_new_enough(self) -> None:
        found = subprocess.run(
            ["sh", "deploy/setup/find-python.sh"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.strip()
        version = "import json, sys; print(json.dumps(sys.version_info[:2]))"
        assert json.loads(subprocess.run([found, "-c", version], capture_output=True, check=True).stdout) >= [3, 11]

    def test_no_python_is_one_clear_sentence(self, tmp_path: Path) -> None:
        done = subprocess.run(
            ["/bin/sh", ROOT / "deploy/setup/find-python.sh"],
            env={"PATH": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in (0, 1)  # /usr/bin/python3 is tried too, wherever the path points
        if done.returncode:
            assert "Python 3.11 or later is needed" in done.stderr
