"""Who may connect."""

import pytest
from twisted.internet.address import IPv4Address, IPv6Address, UNIXAddress

from chatd.addresses import LOCAL, check_network, host_of
from chatd.admission import Admission
from chatd.errors import Refused
from chatd.limits import Limits


def admission(**limits: object) -> Admission[int]:
    return Admission(Limits(**limits))  # type: ignore[arg-type]


def come(doorkeeper: Admission[int], seat: int, host: str) -> int | None:
    displaced = doorkeeper.make_place(host)
    doorkeeper.opened(seat, host)
    return displaced


@pytest.mark.parametrize(
    ("allow", "deny", "barred"),
    [
        ((), (), []),
        ((), ("10.0.0.0/8",), ["10.1.2.3"]),
        (("192.168.0.0/16", "::1/128"), (), ["10.1.2.3", "fe80::1"]),
        (("10.0.0.0/8",), ("10.1.0.0/16",), ["10.1.2.3", "192.168.1.1", "::1", "fe80::1"]),
    ],
)
def test_networks(allow: tuple[str, ...], deny: tuple[str, ...], barred: list[str]) -> None:
    """Allowed ones, and denied ones, which win; a Unix socket has rights of its own."""
    doorkeeper = admission(allow=allow, deny=deny)
    hosts = ["10.1.2.3", "192.168.1.1", "::1", "fe80::1", LOCAL]
    assert [host for host in hosts if doorkeeper.bars(host)] == barred


def test_what_is_no_network() -> None:
    """Is said."""
    for text in ("", "ten", "10.0.0.1/8", "10.0.0.0/33"):
        with pytest.raises(ValueError, match="no network"):
            check_network(text)


def test_one_address() -> None:
    """Can't have all places, unless its network may."""
    doorkeeper = admission(connections_per_address=2, unlimited=("127.0.0.0/8",))
    for seat in range(2):
        come(doorkeeper, seat, "10.0.0.1")
    with pytest.raises(Refused, match="your address"):
        doorkeeper.make_place("10.0.0.1")
    for seat in range(10, 20):
        come(doorkeeper, seat, "127.0.0.1")
    doorkeeper.closed(0)
    doorkeeper.closed(0)
    come(doorkeeper, 3, "10.0.0.1")
    with pytest.raises(Refused):
        doorkeeper.make_place("10.0.0.1")


def test_a_crowd_that_does_not_join_makes_way() -> None:
    """The oldest of the busiest address goes first, and nobody displaces their equals."""
    doorkeeper = admission(connections=4)
    for seat in range(3):
        come(doorkeeper, seat, "10.0.0.1")
    come(doorkeeper, 3, "10.0.0.2")
    assert come(doorkeeper, 4, "10.0.0.3") == 0
    assert come(doorkeeper, 5, "10.0.0.4") == 1
    with pytest.raises(Refused, match="try later"):
        doorkeeper.make_place("10.0.0.1")
    assert len(doorkeeper) == 4


def test_whoever_has_joined_stays() -> None:
    """A room that is full of people turns newcomers away."""
    doorkeeper = admission(connections=2)
    for seat in range(2):
        come(doorkeeper, seat, "10.0.0.1")
        doorkeeper.joined(seat)
    with pytest.raises(Refused, match="try later"):
        doorkeeper.make_place("10.0.0.2")
    doorkeeper.closed(1)
    assert come(doorkeeper, 5, "10.0.0.2") is None


def test_one_spelling_for_each_address() -> None:
    """So that a limit can't be got round by another."""
    assert host_of(IPv4Address("TCP", "10.0.0.1", 1)) == "10.0.0.1"
    assert host_of(IPv6Address("TCP", "::ffff:10.0.0.1", 1)) == "10.0.0.1"
    assert host_of(IPv6Address("TCP", "0:0::1", 1)) == "::1"
    assert host_of(UNIXAddress(None)) == LOCAL
