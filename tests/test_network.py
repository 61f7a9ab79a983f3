"""Whose address it is: one limit for all addresses that one customer of a network holds (R18)."""

import pytest

from checklist.pure.network import holder


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8::1", "2001:db8::ffff:ffff:ffff:ffff"),
        ("2001:DB8::1", "2001:0db8:0:0:1::"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::2%eth0"),
    ],
)
def test_r18_addresses_of_one_customer_have_one_holder(one, other):
    assert holder(one) == holder(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("192.0.2.1", "192.0.2.2"),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2"),
        ("2001:db8::1", "2001:db8:0:1::1"),
    ],
)
def test_r18_addresses_of_two_customers_have_two(one, other):
    assert holder(one) != holder(other)


@pytest.mark.parametrize("text", ["", "unknown", "::1::", "999.1.1.1", "1.2.3.4:80"])
def test_r29_what_is_no_address_is_taken_as_it_is(text):
    assert holder(text) == text
