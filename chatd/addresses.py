"""Where somebody comes from."""

import ipaddress

from twisted.internet.interfaces import IAddress


def host_of(address: IAddress | None) -> str:
    """One spelling for each address; 'local' for a Unix socket.

    A version 4 peer on a version 6 socket shows as ::ffff:192.0.2.1: it is 192.0.2.1.
    """
    host = getattr(address, "host", None)
    if not isinstance(host, str):
        return "local"
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        return host
    return str(getattr(ip, "ipv4_mapped", None) or ip)


def peer_of(host: str, address: IAddress | None) -> object:
    """What the log calls a peer from this host: with the port, where there is one."""
    port = getattr(address, "port", None)
    return "a local socket" if port is None else (host, port)
