"""The permissions that the app asks for; manifest.yml lists the same."""

from __future__ import annotations

REQUIRED_SCOPES = frozenset(
    {
        "commands",  # /rank and the others
        "chat:write",  # digests and private messages
        "im:write",  # opens the private conversation with a person
        "users:read",  # who works here, who has left, who is a guest
        "users:read.email",  # who of the directory has which account
    }
)
# To look for a message of ours before it is sent again; without them a person decides.
OPTIONAL_SCOPES = frozenset({"channels:history", "groups:history", "im:history", "channels:read", "groups:read"})
