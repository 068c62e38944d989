"""Starting a server on a free loopback port, and seeing from outside what it costs."""

import grp
import os
import pwd
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from string import Template

import attrs

from bench.servers import HERE, ROOT, Server

START_SECONDS = 20


class NotRunning(Exception):
    """A server did not come up; the words say what it wrote last."""


@attrs.frozen
class Running:
    """A server that listens."""

    server: Server
    pid: int
    port: int
    cpu_to_listening: float
    """Seconds of CPU from its start."""


def cpu_seconds(pid: int) -> float:
    """CPU that a process has used, all threads, to the nanosecond."""
    return time.clock_gettime((~pid << 3) | 2)  # what clock_getcpuclockid(3) gives on Linux


@contextmanager
def running(server: Server) -> Iterator[Running]:
    """The server, in a directory of its own that goes away with it. Raises NotRunning."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        directory = Path(name)
        port = _free_port()
        with (directory / "output").open("wb") as output:
            process = subprocess.Popen(
                _words(server, port, directory),
                cwd=directory,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            _wait_until_listening(process, port, directory)
            yield Running(server, process.pid, port, cpu_seconds(process.pid))
        finally:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _words(server: Server, port: int, directory: Path) -> list[str]:
    config = directory / server.config
    if server.config:
        template = Template((HERE / "peers" / server.config).read_text())
        config.write_text(template.substitute(_blanks(port, directory)))
    (directory / "motd").write_text("bench\n")
    rest = [word.format(port=port, config=config, directory=directory) for word in server.words[1:]]
    return [str(server.program), *rest]


def _blanks(port: int, directory: Path) -> dict[str, str]:
    return {
        "port": str(port),
        "directory": str(directory),
        "user": pwd.getpwuid(os.geteuid()).pw_name,
        "group": grp.getgrgid(os.getegid()).gr_name,
    }


def _wait_until_listening(process: "subprocess.Popen[bytes]", port: int, directory: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _is_listening(port):
        if process.poll() is not None or time.monotonic() > deadline:
            said = (directory / "output").read_text(errors="replace")[-500:]
            raise NotRunning(f"{process.args!r} does not listen: {said}")
        time.sleep(0.005)


def _is_listening(port: int) -> bool:
    """Whether somebody listens there; asked of the kernel, so that nobody is woken up."""
    place = f"0100007F:{port:04X}"  # 127.0.0.1, as the kernel writes it
    with open("/proc/net/tcp") as table:
        return any(row.split()[1] == place and row.split()[3] == "0A" for row in table)
