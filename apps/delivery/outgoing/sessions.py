from functools import cache
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests_hardened import Config, HTTPSession
from requests_hardened.ip_filter import InvalidIPAddress
from requests_hardened.ip_filter_adapter import IPFilterAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from apps.delivery.outgoing.addresses import LOOPBACK, is_public
from apps.delivery.outgoing.deadline import watch

AGENT = "Relay-Portal/1 (+webhooks)"


@cache
def session(process: int, loopback: bool) -> requests.Session:
    """One per process: building the TLS context costs more than sending a message. Threads share its connections."""
    guard = Config(
        ip_filter_enable=True,
        ip_filter_allow_loopback_ips=loopback,
        never_redirect=True,
        default_timeout=(5, 15),
        user_agent_override=AGENT,
    )
    return Session(guard, loopback=loopback)


@cache
def page_session(process: int, loopback: bool, agent: str, proxy: str) -> requests.Session:
    """What looks at pages: http too, and by a proxy if one is named, which then looks the names up and guards them."""
    guard = Config(
        ip_filter_enable=not proxy,
        ip_filter_allow_loopback_ips=loopback,
        never_redirect=True,
        default_timeout=(5, 15),
        user_agent_override=agent,
    )
    made = Session(guard, loopback=loopback, plain=True)
    if proxy:
        made.proxies = {"http": proxy, "https": proxy}
        for scheme in ("http", "https"):
            made.mount(f"{scheme}://", ByProxy())
    return made


class Session(HTTPSession):  # type: ignore[misc]  # the library has no types
    """Follows no redirect, does not even read one; keeps no cookie; takes no proxy or password from the environment."""

    def __init__(self, guard: Config, *, loopback: bool, plain: bool = False):
        super().__init__(guard)
        self.trust_env = False
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("http", "https"):
            adapter = Adapter(is_https_proto=scheme == "https", allow_loopback=loopback)
            adapter.may_be_plain = plain
            self.mount(f"{scheme}://", adapter)

    def get_redirect_target(self, resp: requests.Response) -> None:
        """None: else the library would read a redirect's whole body, however long, to see where it leads."""


class Adapter(IPFilterAdapter):  # type: ignore[misc]  # the library has no types
    """Looks the name up once, has the library's filter and ours agree, and connects to what was looked up."""

    may_be_plain = False

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        pinned = str(host["host"]).strip("[]")
        is_ours = self._allow_loopback and pinned == str(LOOPBACK)
        if not is_ours and not (is_public(pinned) and (self._is_https_proto or self.may_be_plain)):
            raise InvalidIPAddress(pinned)
        return host, pool

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": WatchedPool, "https": WatchedSecurePool}


class ByProxy(HTTPAdapter):
    """Hands a request to the proxy; the time limit watches this connection as it does the direct ones."""

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **options)
        manager.pool_classes_by_scheme = {"http": WatchedPool, "https": WatchedSecurePool}
        return manager


class Watched(HTTPConnection):
    def getresponse(self) -> Any:
        watch(self.sock)
        return super().getresponse()


class WatchedSecure(HTTPSConnection):
    def getresponse(self) -> Any:
        watch(self.sock)
        return super().getresponse()


class WatchedPool(HTTPConnectionPool):
    ConnectionCls = Watched


class WatchedSecurePool(HTTPSConnectionPool):
    ConnectionCls = WatchedSecure
