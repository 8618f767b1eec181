"""Addresses: which of them are public, whatever other address they carry within."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address

_V4_KEPT_OUT = [
    ip_network(one)
    for one in (
        "100.64.0.0/10",  # of providers, within which clouds keep services of their own
        "192.0.0.0/24",  # of protocols
        "192.88.99.0/24",  # relays of 6to4
        "168.63.129.16/32",  # a public address by which a cloud serves its own machines
    )
]
_V6_PUBLIC = ip_network("2000::/3")
_V6_KEPT_OUT = [
    ip_network(one)
    for one in (
        "2001::/23",  # of protocols; Teredo, which carries an IPv4 address, is one
        "2001:db8::/32",  # of documentation
        "2002::/16",  # 6to4, which carries an IPv4 address
        "3fff::/20",  # of documentation
    )
]
_NAT64 = ip_network("64:ff9b::/96")


def is_public(text: str) -> bool:
    """Return whether ``text`` is an address that anybody on the internet may serve.

    What carries an IPv4 address that a network really passes on (mapped, NAT64) is as good as
    that; tunnels that carry one (6to4, Teredo) are never public: no server lives there.
    """
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            return False
        inner = _carried(address)
        if inner is None:
            return address in _V6_PUBLIC and not _is_in(address, _V6_KEPT_OUT)
        address = inner
    is_special = address.is_multicast or address.is_reserved or address.is_unspecified
    return address.is_global and not is_special and not _is_in(address, _V4_KEPT_OUT)


def _carried(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped


def _is_in(address: Address, networks: Sequence[IPv4Network | IPv6Network]) -> bool:
    return any(address in network for network in networks)
