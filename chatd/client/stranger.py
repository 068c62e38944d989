"""A certificate that nobody vouches for: what there is to tell of it, and what to ask."""

from enum import Enum

import attrs


class Standing(Enum):
    """What we know of it."""

    NEW = "the place was not known before"
    CHANGED = "another one was trusted there"
    NOT_THE_ONE = "the person has named another one"
    UNCERTAIN = "what was trusted before can't be read"


@attrs.frozen
class Stranger:
    """``place``: where it was shown. ``fault``: why it is not trusted by itself, in words.
    ``before``: what was trusted there. ``note``: where that is kept, or why it can't be read."""

    place: str
    fingerprint: str
    fault: str
    standing: Standing = Standing.NEW
    before: str = ""
    note: str = ""


@attrs.frozen
class CertificateShown:
    """Whoever asks to be trusted for the first time: a question follows."""

    stranger: Stranger


@attrs.frozen
class CertificateRefused:
    """There is no connection, because of a certificate."""

    stranger: Stranger


@attrs.frozen
class TrustAsked:
    """Trust it from now on?"""

    stranger: Stranger


def shown(stranger: Stranger) -> list[str]:
    """What somebody needs to know before they answer."""
    return [
        f"The certificate of {stranger.place} is not vouched for: {stranger.fault}.",
        f"Its SHA-256 fingerprint is {stranger.fingerprint}",
        "Ask whoever runs the room whether that is right.",
    ]


def refused(stranger: Stranger) -> list[str]:
    """Why there is no connection, and what to do."""
    match stranger.standing:
        case Standing.NEW:
            return [
                f"The certificate of {stranger.place} is not vouched for: {stranger.fault}.",
                "Ask whoever runs the room for its fingerprint, and if it is the same, give it:"
                f" --fingerprint {stranger.fingerprint}",
            ]
        case Standing.CHANGED:
            return [
                f"The certificate of {stranger.place} has changed, and is not vouched for:"
                f" {stranger.fault}. Somebody may be listening in.",
                f"SHA-256 fingerprint before: {stranger.before}",
                f"SHA-256 fingerprint now: {stranger.fingerprint}",
                "If whoever runs the room says that the new one is right, remove"
                f" {stranger.note} and connect again.",
            ]
        case Standing.NOT_THE_ONE:
            return [
                f"The certificate of {stranger.place} is not the one you have named.",
                f"Its SHA-256 fingerprint is {stranger.fingerprint}",
            ]
        case Standing.UNCERTAIN:
            return [
                f"The certificate of {stranger.place} is not vouched for: {stranger.fault}.",
                f"Whether it is known cannot be told: {stranger.note}.",
            ]
