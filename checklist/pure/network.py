"""Whose a network address is, for limits: an IPv6 customer has more addresses than any limit could count."""

from ipaddress import IPv6Address, ip_address


def holder(address):
    """Return one text for all addresses that one customer holds: the /64 of an IPv6 address, else the address."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if not isinstance(known, IPv6Address):
        return address
    return str(known.ipv4_mapped or f"{known.packed[:8].hex()}/64")
