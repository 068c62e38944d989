"""The arrows of docs/architecture.md point inward and never back."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from chatd.tls import NOT_INSTALLED

PACKAGE = Path(__file__).parent.parent.parent / "chatd"
MODULES = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in PACKAGE.rglob("*.py")
}
PURE = {
    "chatd.boundaries", "chatd.errors", "chatd.events", "chatd.intake", "chatd.limits",
    "chatd.line_intake", "chatd.lines", "chatd.names", "chatd.pace", "chatd.room", "chatd.settings",
    "chatd.tally",
    "chatd.unicode_data", "chatd.admission", "chatd.wire.commands", "chatd.wire.foreign",
    "chatd.wire.framing", "chatd.wire.recall", "chatd.wire.replies", "chatd.wire.telnet",
    "chatd.wire.text", "chatd.turnstile",
    "chatd.message_intake", "chatd.wire.messages", "chatd.wire.message_reader",
    "chatd.wire.said",
}  # fmt: skip
ALLOWED = {
    "chatd.lines": set(),
    "chatd.events": {"chatd.lines"},
    "chatd.errors": set(),
    "chatd.names": {"chatd.errors", "chatd.unicode_data"},
    "chatd.boundaries": {"chatd.errors", "chatd.events", "chatd.lines", "chatd.names"},
    "chatd.room": {"chatd.boundaries", "chatd.errors", "chatd.events", "chatd.names"},
    "chatd.tally": set(),
    "chatd.outbox": {"chatd.tally"},
    "chatd.fanout": {"chatd.outbox", "chatd.tally"},
}


VALUES = {
    "chatd", "chatd.errors", "chatd.events", "chatd.lines", "chatd.limits", "chatd.names",
    "chatd.passwords", "chatd.contrast", "chatd.when",
}  # fmt: skip


def imports(module: str, when_run: bool = False) -> set[str]:
    """``when_run``: without those that only the type checker reads."""
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    if when_run:
        tree.body = [node for node in tree.body if not _is_for_types(node)]
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def _is_for_types(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def ours(module: str) -> set[str]:
    return imports(module) & set(MODULES)


@pytest.mark.parametrize("module", sorted(PURE))
def test_the_inside_knows_no_reactor(module: str) -> None:
    """No Twisted, no clock, no socket."""
    outside = {"twisted", "time", "socket", "asyncio", "os", "random"}
    assert not {name for name in imports(module) if name.split(".")[0] in outside}


@pytest.mark.parametrize("module", sorted(ALLOWED))
def test_the_room_knows_no_one(module: str) -> None:
    """What the room is made of imports only what stands further inside."""
    assert ours(module) <= ALLOWED[module] | {"chatd"}


def test_no_circles() -> None:
    """Whoever reads a module finds an end to what it stands on."""
    TopologicalSorter(
        {module: imports(module, when_run=True) & set(MODULES) - {"chatd"} for module in MODULES}
    ).prepare()


def test_the_client_and_the_daemon_share_the_wire() -> None:
    """And values; the client's end of TLS needs what the daemon's says of certificates."""
    for module in MODULES:
        if not module.startswith("chatd.client"):
            assert not [name for name in ours(module) if name.startswith("chatd.client")], module
            continue
        shared = ("chatd.client", "chatd.wire", "chatd.tls")
        assert {name for name in ours(module) if not name.startswith(shared)} <= VALUES, module


def test_doors_do_not_know_the_config_or_each_other() -> None:
    """They are given what they need; only what opens them knows them all."""
    doors = {module for module in MODULES if module.startswith("chatd.doors.")}
    for module in doors:
        assert not ours(module) & {"chatd.config", "chatd.daemon", "chatd.listening", "chatd.log"}
        assert not {name for name in ours(module) if name.startswith("chatd.tls")}
    for module in set(MODULES) - doors - {"chatd.opening"}:
        assert not ours(module) & doors, module


def test_the_history_knows_no_door() -> None:
    """And doors know it by what every history promises, so that another store is one file."""
    history = {module for module in MODULES if module.startswith("chatd.history")}
    outside = ("chatd.doors", "chatd.wire", "chatd.config", "chatd.daemon", "chatd.room")
    for module in history:
        assert not [name for name in ours(module) if name.startswith(outside)], module
    for module in MODULES:
        if module.startswith(("chatd.doors", "chatd.wire")) or module == "chatd.room":
            assert not ours(module) & history, module


def test_the_wire_knows_values_only() -> None:
    """So that the client can use it."""
    for module in MODULES:
        if module.startswith("chatd.wire."):
            values = {"chatd", "chatd.errors", "chatd.events", "chatd.lines", "chatd.unicode_data"}
            assert {m for m in ours(module) if not m.startswith("chatd.wire")} <= values


def test_chatd_works_without_tls() -> None:
    """Where the extra is not installed, all that does not want TLS works, and the rest says so."""
    code = (
        "import sys;"
        "sys.modules.update(dict.fromkeys(('OpenSSL', 'cryptography', 'service_identity')));"
        "import chatd.service, chatd.client.command; from chatd import command;"
        "sys.exit(command.main(['check']) or 1 - command.main(['cert', 'chat.lan']))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, f"chatd: {NOT_INSTALLED}\n")


@pytest.mark.parametrize("library", ["sqlite3", "prometheus_client", "websockets"])
def test_what_few_rooms_want_is_not_loaded_for_all(library: str) -> None:
    """The daemon is to listen soon; a room with a history or metrics loads them then."""
    code = f"import sys, chatd.service; sys.exit({library!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_daemon_does_not_know_what_operators_do_with_files() -> None:
    """Exports and the like are the command's alone, and no path to the daemon leads by them."""
    for module in MODULES:
        if not module.startswith("chatd.archive") and module != "chatd.command":
            assert not any(name.startswith("chatd.archive") for name in imports(module)), module


def test_the_plugin_imports_nothing_of_ours() -> None:
    """Listing plugins must stay cheap."""
    plugin = PACKAGE.parent / "twisted" / "plugins" / "chatd_plugin.py"
    tree = ast.parse(plugin.read_text(encoding="utf-8"))
    froms = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert froms == ["twisted.application.service"]
