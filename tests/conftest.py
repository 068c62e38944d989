"""What holds for all tests."""

import os
import signal
from collections.abc import Generator

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Name our markers, and let Ctrl-C through to the programs that we start: a shell that has
    put us into the background has it ignored, by us and by them."""
    config.addinivalue_line("markers", "slow: takes more than ten seconds")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _forbid_skip(report: "pytest.TestReport | pytest.CollectReport") -> None:
    # A developer may lack a program; CI has them all, and a skip there would hide that a test
    # never runs. wasxfail: pytest calls a test skipped, too, that ran and failed as it said.
    if (
        os.environ.get("CHATD_NO_SKIPS") == "1"
        and report.skipped
        and not hasattr(report, "wasxfail")
    ):
        report.outcome = "failed"
        report.longrepr = f"skipped, where nothing may be: {report.longrepr}"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With CHATD_NO_SKIPS=1 a skipped test is a failed one."""
    report = yield
    _forbid_skip(report)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a module that skips itself."""
    report = yield
    _forbid_skip(report)
    return report
