"""Addresses of pages: what of a path is kept, and what may be a secret or a person."""

import time
from uuid import UUID

import pytest

from conversations.sources.widget import pages
from tests import pace

SHOP = "https://shop.example"
TOKEN = "q3Jx-Vb_81kZtP0aLw7RmYc2Ns9HdEfGu4TiXoBy6Q"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/a%3Ftoken=S", "/a"),
        ("/a%3ftoken=S/next", "/a"),
        ("/a%253Ftoken=S", "/a"),
        ("/a%23S", "/a"),
        ("/a&token=S", "/a"),
        ("/a%26token=S", "/a"),
        ("/a%3Bjsessionid=1F/b", "/a/b"),
        (f"/reset/{TOKEN}", "/reset/…"),
        (f"/reset/{TOKEN}/done", "/reset/…/done"),
        (f"/magic/{JWT}", "/magic/…"),
        (f"/invite/{UUID(int=2**100 + 7)}", "/invite/…"),
        (f"/invite/{UUID(int=2**127 + 7).hex}", "/invite/…"),
        ("/unsubscribe/bob@x.example", "/unsubscribe/…"),
        ("/unsubscribe/bob%40x.example", "/unsubscribe/…"),
        ("/unsubscribe/bob%2540x.example", "/unsubscribe/…"),
        ("/call/+46701234567", "/call/…"),
        ("/s/9f86d081884c7d65", "/s/…"),
        ("/s/kD8sQ2mZx7Lp0RvT", "/s/…"),
        ("/card/4111111111111111", "/card/…"),
        ("/login/482913", "/login/…"),
        ("/files%2Fbob@x.example", "/…"),
        ("/password-reset/abc123", "/password-reset/…"),
        ("/password_reset/abc123/done", "/password_reset/…/done"),
        ("/forgot-password.php/abc123", "/forgot-password.php/…"),
        ("/passwordreset/abc123", "/passwordreset/…"),
        ("/verify-email/abc123", "/verify-email/…"),
        ("/verifyEmail/abc123", "/verifyEmail/…"),
        ("/email-verification/abc123", "/email-verification/…"),
        ("/confirm-email/k7Xp2q", "/confirm-email/…"),
        ("/confirm-your-new-e-mail-address/k7Xp2q", "/confirm-your-new-e-mail-address/…"),
        ("/activate-account/abc123", "/activate-account/…"),
        ("/accept-invitation/abc123", "/accept-invitation/…"),
        ("/magic-link/abc123", "/magic-link/…"),
        ("/sign-in/482913", "/sign-in/…"),
        ("/reset;x=1/abc123", "/reset/…"),
        ("/reset%3Bx=1/abc123", "/reset/…"),
        ("/reset//abc123", "/reset//…"),
        ("/reset/;x=1/abc123", "/reset//…"),
        ("/reset%2Fabc123", "/…"),
        ("/reset%252Fabc123/done", "/…/done"),
        ("/confirm/email/abc123", "/confirm/email/…"),
        ("/verify/42/abc123", "/verify/42/…"),
        ("/verify%2F42/abc123", "/verify%2F42/…"),
        ("/invite/team/code/abc123", "/invite/team/code/…"),
        ("/account%2Freset/abc123", "/account%2Freset/…"),
        ("/reset/%2Fabc123", "/reset/…"),
    ],
)
def test_what_may_be_a_secret_goes(path: str, kept: str) -> None:
    assert pages.address(SHOP + path) == SHOP + kept
    assert pages.address(SHOP + path, with_query=True) == SHOP + path


@pytest.mark.parametrize(
    "path",
    [
        "/lamps/brass-floor-lamp-with-three-arms-and-shade-2024",
        "/lamps/led-e27-5w-gu10-4w-b22-dimmable-warm-white",
        "/products/iphone-15-pro-max-256gb-a2849/B07XJ8C8F5",
        "/products/LMP-2024-XJ9-B7K2.html",
        "/collections/WinterSaleForTheWholeHouse",
        "/orders/1001234567",
        "/login/help",
        "/verify-email/thanks",
        "/password-reset/done",
        "/reset-your-lamp-in-5-steps/lamp",
        "/guides/reset-your-lamp/step-2",
        "/products/reset-button/RB-2024",
        "/products/magic-lamp/LMP-2024",
        "/key-rings/brass-2024",
        "/activated-carbon/filter-500g",
        "/wedding-invitations/gold-100",
        "/your-account/orders-2026",
        "/verify/42/lamps/brass-2024",
        "/account/42/orders-2026",
        "/@nordhem/lamps",
        "/K%C3%BCche/Stehlampen",
        "/2026/11/29/black-friday/",
        "",
    ],
)
def test_other_paths_stay(path: str) -> None:
    assert pages.address(SHOP + path) == SHOP + path


@pytest.mark.parametrize("part", ["/123456", "/1-1-1-1", "/verify/a", "/email", "%2Fa1"])
def test_an_address_costs_in_proportion_to_its_length(part: str) -> None:
    begun = time.thread_time()
    pages.address("https://shop.example" + part * (20_000 // len(part)))
    assert time.thread_time() - begun < 0.25 * pace.slowness()
