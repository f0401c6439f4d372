"""Every name is this machine's: the guard's checks stay, only the name service is replaced (LOOPBACK_ADDRESS)."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence

from twisted.internet import defer
from twisted.internet.error import DNSLookupError

from astana_crawl.fetch.guard import GuardedResolver


class ThisMachine(GuardedResolver):
    def look_up(self, name: str, timeout: Sequence[int]) -> defer.Deferred[str]:
        return defer.succeed(os.environ["LOOPBACK_ADDRESS"])


class NoNames(GuardedResolver):
    """The name service is down, or the name has been given up."""

    def look_up(self, name: str, timeout: Sequence[int]) -> defer.Deferred[str]:
        return defer.fail(DNSLookupError(f"no name {name}"))


class Names(GuardedResolver):
    """Names have the addresses that NAMES gives them, in turn, and keep the last one; others are looked up."""

    addresses: dict[str, list[str]] = json.loads(os.environ.get("NAMES", "{}"))

    def look_up(self, name: str, timeout: Sequence[int]) -> defer.Deferred[str]:
        if name not in self.addresses:
            return super().look_up(name, timeout)
        found = self.addresses[name]
        return defer.succeed(found.pop(0) if len(found) > 1 else found[0])
