"""Addresses: public ones, also where an IPv6 address carries one."""

import pytest

from channels_layer.outgoing.addresses import is_public


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2620:fe::fe"],
)
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "192.168.0.1",
        "100.64.0.1",
        "192.0.0.192",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "64:ff9b:1::808:808",
        "2002:808:808::1",
        "2001:0:808:808::1",
        "3fff::1",
        "4000::1",
        "8.8.8.8%eth0",
        "2606:4700:4700::1111%eth0",
        "",
        "api.example",
    ],
)
def test_others_are_not(address: str) -> None:
    assert not is_public(address)
