"""A room of threads: one for each connection, a lock, a ``sendall`` for each member and line."""

import resource
import socket
import sys
import threading

members: list[socket.socket] = []
turn = threading.Lock()


def tell_all(line: str) -> None:
    """Tell everyone in the room; the lock keeps one order for all."""
    for member in members:
        member.sendall(line.encode() + b"\r\n")


def serve(connection: socket.socket) -> None:
    """One connection, until it closes."""
    name = ""
    try:
        for line in connection.makefile("r", encoding="utf-8", newline="\n"):
            verb, _, text = line.rstrip("\r\n").partition(" ")
            with turn:
                if verb == "JOIN":
                    name = text
                    members.append(connection)
                    tell_all(f"SERVER: {name} joined the chat!")
                elif verb == "BCST":
                    tell_all(f"{name}: BCST {text}")
    except OSError:
        pass
    with turn:
        if connection in members:
            members.remove(connection)
    connection.close()


def main() -> None:
    """Listen until killed."""
    listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=1024)
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


if __name__ == "__main__":
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    main()
