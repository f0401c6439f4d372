"""Every name is this machine's: the guard's checks stay, only the name service is replaced."""

from __future__ import annotations

from collections.abc import Sequence

from twisted.internet import defer

from astana_crawl.fetch.guard import GuardedResolver


class ThisMachine(GuardedResolver):
    def look_up(self, name: str, timeout: Sequence[int]) -> defer.Deferred[str]:
        return defer.succeed("127.0.0.1")
