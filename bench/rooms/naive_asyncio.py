"""An asyncio room as its documentation has it: streams, a ``write`` for each member and line."""

import asyncio
import resource
import sys

members: list[asyncio.StreamWriter] = []


def tell_all(line: str) -> None:
    """Tell everyone in the room."""
    for writer in members:
        writer.write(line.encode() + b"\r\n")


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection, until it closes."""
    name = ""
    try:
        while line := await reader.readline():
            verb, _, text = line.decode().rstrip("\r\n").partition(" ")
            if verb == "JOIN":
                name = text
                members.append(writer)
                tell_all(f"SERVER: {name} joined the chat!")
            elif verb == "BCST":
                tell_all(f"{name}: BCST {text}")
    except ConnectionError:
        pass
    finally:
        if writer in members:
            members.remove(writer)
        writer.close()


async def main() -> None:
    """Listen until killed."""
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]), backlog=1024)
    await server.serve_forever()


if __name__ == "__main__":
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(main())
