"""Password hashes (argon2id) and the password policy. Hashing takes tens of milliseconds: call it in a thread."""

from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.model.errors import HaiheError

MIN_LENGTH: Final = 10
MAX_LENGTH: Final = 256

_HASHER: Final = PasswordHasher()


class PasswordRefused(HaiheError):
    """A new password does not meet the policy; the text says what is needed."""


def check_policy(user: str, password: str) -> None:
    """Check a new password.

    Raises:
        PasswordRefused: shorter than 10 characters, longer than 256, the user's name, or one repeated character.

    """
    if len(password) < MIN_LENGTH:
        raise PasswordRefused(f"the password needs at least {MIN_LENGTH} characters")
    if len(password) > MAX_LENGTH:
        raise PasswordRefused(f"the password may have at most {MAX_LENGTH} characters")
    if password.casefold() == user.casefold():
        raise PasswordRefused("the password must not be the user's name")
    if len(set(password)) == 1:
        raise PasswordRefused("the password must not be one character repeated")


def hash_password(password: str) -> str:
    """Return the argon2id hash, with its parameters and salt in it."""
    return _HASHER.hash(password)


def verify_password(password_hash: str, password: str) -> bool:
    """Tell whether a password belongs to a hash; a damaged hash belongs to none."""
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(password_hash: str) -> bool:
    """Tell whether a hash was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(password_hash)


def verify_nobody(password: str) -> None:
    """Spend the time of a verification, so that an unknown user cannot be told from a wrong password."""
    verify_password(_nobody(), password)


@cache
def _nobody() -> str:
    return _HASHER.hash("nobody has this password")
