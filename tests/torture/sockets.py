"""Connections for load, from as many addresses as one likes."""

import contextlib
import socket
import struct
import time

GREETING = b"Enter JOIN"


def source_of(number: int, net: int = 1) -> str:
    """The address of somebody: 127.``net``.x.y, 250 in each of 250 nets."""
    return f"127.{net}.{number // 250 + 1}.{number % 250 + 1}"


def connect(port: int, source: str = "", rcvbuf: int = 0, within: float = 30.0) -> socket.socket:
    """A connection; ``rcvbuf`` bytes (0: as usual) are what our kernel takes for it."""
    connection = socket.socket()
    if rcvbuf:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, rcvbuf)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if source:
        connection.setsockopt(socket.SOL_IP, 24, 1)  # IP_BIND_ADDRESS_NO_PORT
        connection.bind((source, 0))
    connection.settimeout(within)
    connection.connect(("127.0.0.1", port))
    return connection


def join(port: int, name: str, source: str = "", rcvbuf: int = 0) -> socket.socket:
    """A member. Nothing is read but until they are in."""
    connection = connect(port, source, rcvbuf)
    connection.sendall(f"JOIN {name}\r\n".encode())
    wanted = f"SERVER: {name} joined the chat!\r\n".encode()
    seen = b""
    while wanted not in seen:
        data = connection.recv(65536)
        if not data or b"ERROR" in data:
            raise ConnectionError(seen + data)
        seen = seen[-len(wanted) :] + data
    return connection


def everything(connection: socket.socket, within: float = 10.0) -> bytes:
    """All that comes until the other side closes, or ``within`` seconds are over."""
    until, data = time.monotonic() + within, b""
    with contextlib.suppress(OSError):
        while (left := until - time.monotonic()) > 0:
            connection.settimeout(left)
            if not (more := connection.recv(1 << 20)):
                break
            data += more
    return data


def reset(connection: socket.socket) -> None:
    """Hang up the hard way."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def kernel_bytes() -> int:
    """Memory that the kernel has in TCP buffers, on the whole machine."""
    with open("/proc/net/sockstat", encoding="ascii") as stat:
        words = next(line.split() for line in stat if line.startswith("TCP:"))
    return int(words[words.index("mem") + 1]) * 4096
