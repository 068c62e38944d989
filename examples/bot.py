"""A bot that counts thanks: "drew++" is a point for drew, and "!karma" asks who has how many.

pip install websockets
python bot.py ws://127.0.0.1:8080/ws karma [password]
"""

import asyncio
import json
import re
import sys
from collections import Counter
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

AGAIN_SECONDS = 3
LATER = {"name-taken", "room-full", "room-closed", "too-many-tries"}  # worth another try to join
NEVER = {"bad-name", "kicked", "banned", "password-needed", "wrong-password"}


def answer(points: Counter[str], speaker: str, text: str) -> str:
    """What to say to this; empty: nothing."""
    points.update(name for name in re.findall(r"(\S+)\+\+", text) if name != speaker)
    if text.strip() == "!karma":
        return ", ".join(f"{name}: {count}" for name, count in points.most_common(5)) or "Nobody."
    return ""


async def visit(socket: ClientConnection, points: Counter[str], name: str, password: str) -> bool:
    """Until the connection ends; gives whether to come again."""

    async def send(**message: Any) -> None:
        await socket.send(json.dumps(message))

    if password:
        await send(type="pass", password=password)
    await send(type="join", name=name)
    async for message in socket:
        match json.loads(message):
            case {"type": "said", "name": speaker, "text": text} if speaker != name:
                if words := answer(points, speaker, text):
                    await send(type="say", text=words)
            case {"type": "error", "code": code, "text": text}:
                print(text, file=sys.stderr)
                if code in NEVER:
                    return False
                if code in LATER:
                    await asyncio.sleep(AGAIN_SECONDS)
                    await send(type="join", name=name)
    return True


async def main(url: str, name: str, password: str = "") -> None:
    """Come, and come again: ``connect`` waits longer each time that it can't."""
    points: Counter[str] = Counter()
    async for socket in connect(url):
        try:
            if not await visit(socket, points, name, password):
                return
        except ConnectionClosed:
            print("The connection is lost.", file=sys.stderr)
        await asyncio.sleep(AGAIN_SECONDS)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
