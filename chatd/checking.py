"""The config held against this machine: whether the daemon could do what it says."""

import os
from collections import Counter
from contextlib import suppress
from itertools import combinations
from typing import Any

import attrs

from chatd import config, keeping, metrics, web
from chatd.access_files import in_place, read_access
from chatd.config import Config, ConfigError
from chatd.descriptions import are_one, from_systemd, is_tls
from chatd.listening import endpoint
from chatd.tls import CertificateFaults
from chatd.tls.served import read as read_certificates


def read_config(
    path: str | None,
    reactor: Any,
    listen: str | None = None,
    base: str = "",
    activated: bool = True,
) -> Config:
    """The config from ``path`` (None: the defaults), with ``listen`` from the command line.

    ``base``: where paths in it start that do not start at the root; empty: here. ``activated``:
    whether sockets of systemd's should be here. Raises ConfigError with every fault, places that
    can't be listened at included.
    """
    faults: list[str] = []
    settings = Config()
    try:
        if path is not None:
            settings = config.load(path)
    except ConfigError as error:
        faults, settings = error.faults, error.rest
    if listen:
        settings = attrs.evolve(settings, line=attrs.evolve(settings.line, listen=(listen,)))
    settings = in_place(_from_base(settings, base), base)
    found = [*_place_faults(settings, reactor, activated), *_file_faults(settings, base)]
    faults += [f"{path or 'command line'}: {fault}" for fault in found]
    if faults:
        raise ConfigError(faults)
    return settings


def _from_base(settings: Config, base: str) -> Config:
    """With certificates and a history that are looked for from ``base``; a history in memory has
    no path, and gets none."""
    certificates = tuple(os.path.join(base, one) for one in settings.tls.certificates)
    file = settings.history.file and os.path.join(base, settings.history.file)
    return attrs.evolve(
        settings,
        tls=attrs.evolve(settings.tls, certificates=certificates),
        history=attrs.evolve(settings.history, file=file),
    )


def _place_faults(settings: Config, reactor: Any, activated: bool) -> list[str]:
    faults = []
    for section, places in settings.listens.items():
        faults += _listen_faults(f"[{section}] listen", places, reactor, activated)
    faults += _shared_places(settings)
    if settings.web.listen and not web.is_installed():
        faults.append(f"[web] listen: {web.NOT_INSTALLED}")
    if settings.metrics.listen and not metrics.is_installed():
        faults.append(f"[metrics] listen: {metrics.NOT_INSTALLED}")
    return faults


def _listen_faults(
    setting: str, places: tuple[str, ...], reactor: Any, activated: bool
) -> list[str]:
    faults = []
    for description, times in Counter(places).items():
        if times > 1:
            faults.append(f"{setting}: {description!r} is there {times} times")
        if from_systemd(description) and not activated:
            continue
        try:
            endpoint(description, reactor)
        except ValueError as error:
            faults.append(f"{setting}: {error}")
    return faults


def _shared_places(settings: Config) -> list[str]:
    """A place is one section's alone. (What is twice in one list is said where that is read.)"""
    named = [(one, place) for one, places in settings.listens.items() for place in places]
    faults = []
    for (section, place), (other, theirs) in combinations(named, 2):
        with suppress(ValueError):  # as it is said of each that is none
            if section != other and are_one(place, theirs):
                faults.append(f"[{other}] listen: {theirs!r} is taken by [{section}] listen")
    return faults


def _file_faults(settings: Config, base: str) -> list[str]:
    faults = [f"[tls] certificates: {fault}" for fault in _certificate_faults(settings)]
    faults += _log_faults(settings.log.file, base)
    if fault := keeping.fault(settings):
        faults.append(f"[history] file: {fault}")
    return faults + read_access(settings)[1]


def _certificate_faults(settings: Config) -> list[str]:
    by_tls = [place for places in settings.listens.values() for place in places if is_tls(place)]
    if by_tls and not settings.tls.certificates:
        return [f"there is none, and {by_tls[0]!r} needs one"]
    try:
        read_certificates(settings.tls.certificates)
    except CertificateFaults as error:
        return error.faults
    return []


def _log_faults(file: str, base: str) -> list[str]:
    path = os.path.abspath(os.path.join(base, file))
    if file and (not os.path.isdir(os.path.dirname(path)) or os.path.isdir(path)):
        return [f"[log] file: there can be no file {file}"]
    return []
