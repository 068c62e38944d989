"""`twistd --help` lists chatd, however it was installed, and the daemon starts."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
LEFT_OUT = shutil.ignore_patterns(
    ".*", "build", "dist", "*.egg-info", "__pycache__", "dropin.cache", "venv", "room"
)
"""What installing and docs/operating.md leave in a clone, among it keys."""

LISTED = "A chat room for netcat and telnet."


def run(*words: "str | Path", cwd: Path, python_path: str = "") -> str:
    env = {**os.environ, "PYTHONPATH": python_path}
    ran = subprocess.run(words, cwd=cwd, env=env, check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.mark.slow
def test_every_way_to_install(tmp_path: Path) -> None:
    """A wheel, a plain checkout and an editable install all make `twistd chatd` known."""
    source, venv, elsewhere = tmp_path / "source", tmp_path / "venv", tmp_path / "elsewhere"
    shutil.copytree(REPOSITORY, source, ignore=LEFT_OUT)
    elsewhere.mkdir()
    run(sys.executable, "-m", "venv", venv, cwd=tmp_path)
    pip, twistd = venv / "bin" / "pip", venv / "bin" / "twistd"

    run(pip, "wheel", "-q", "--no-deps", "-w", tmp_path, source, cwd=tmp_path)
    (wheel,) = tmp_path.glob("chatd-*.whl")
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    shared = {name for name in packed if ".data/data/share/" in name}
    window = {"chatd-window.desktop", "chatd-window.svg"}
    assert {Path(name).name for name in shared} == {"chat.1", "chatd.8"} | window
    modules = [path for top in ("chatd", "twisted") for path in (source / top).rglob("*")]
    assert packed - shared == {str(path.relative_to(source)) for path in modules if path.is_file()}

    run(pip, "install", "-q", wheel, cwd=tmp_path)
    assert LISTED in run(twistd, "--help", cwd=elsewhere)
    assert run(venv / "bin" / "chatd", "config", cwd=elsewhere)
    assert run(venv / "bin" / "chat", "--version", cwd=elsewhere)

    run(pip, "uninstall", "-q", "-y", "chatd", cwd=tmp_path)
    assert LISTED not in run(twistd, "--help", cwd=elsewhere)
    assert LISTED in run(twistd, "--help", cwd=source, python_path=".")

    run(pip, "install", "-q", "--no-deps", "-e", source, cwd=tmp_path)
    assert LISTED in run(twistd, "--help", cwd=elsewhere)
    assert run(venv / "bin" / "chatd", "config", cwd=elsewhere)


@pytest.mark.parametrize("what", ["chatd check chatd.toml", "twistd -n chatd --config chatd.toml"])
def test_a_web_door_without_the_extra(tmp_path: Path, what: str) -> None:
    """Before anything is opened, it is said what is missing, and how to get it."""
    (tmp_path / "chatd.toml").write_text('[web]\nlisten = ["tcp:0:interface=127.0.0.1"]\n')
    program, *words = what.split()
    module = {"chatd": "chatd.command", "twistd": "twisted.scripts.twistd"}[program]
    code = (
        f"import sys; sys.modules['websockets'] = None; sys.argv = {[program, *words]!r};"
        f"from {module} import *; sys.exit({'main()' if program == 'chatd' else 'run()'})"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 1
    assert ran.stderr.endswith(
        "chatd.toml: [web] listen: websockets is not installed: pip install 'chatd[web]'\n"
    )
    assert "listening" not in ran.stdout
