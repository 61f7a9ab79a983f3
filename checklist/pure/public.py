"""Which addresses are out on the internet. Everything else is somebody's inside, and we send nothing there.

The table is our own, from IANA's registries of special addresses: what Python's knows changes with its version.
"""

import ipaddress

# IPv4: all but these.
INSIDE = [
    "0.0.0.0/8",  # this network, unspecified
    "10.0.0.0/8",  # private
    "100.64.0.0/10",  # shared by a provider's customers
    "127.0.0.0/8",  # loopback
    "169.254.0.0/16",  # link local, clouds' metadata
    "172.16.0.0/12",  # private
    "192.0.0.0/24",  # protocol assignments
    "192.0.2.0/24",  # documentation
    "192.31.196.0/24",  # AS112
    "192.52.193.0/24",  # AMT
    "192.88.99.0/24",  # 6to4 relays, given up
    "192.168.0.0/16",  # private
    "192.175.48.0/24",  # AS112
    "198.18.0.0/15",  # benchmarking
    "198.51.100.0/24",  # documentation
    "203.0.113.0/24",  # documentation
    "224.0.0.0/4",  # multicast
    "240.0.0.0/4",  # reserved, broadcast
]
# IPv6: none but global unicast, without these. So loopback, unspecified, IPv4-mapped and -compatible, NAT64
# (64:ff9b::/96, 64:ff9b:1::/48), discard, segment routing, unique, link and site local, multicast are all out.
GLOBAL = ipaddress.IPv6Network("2000::/3")
NOT_GLOBAL = [
    "2001::/23",  # protocol assignments: Teredo, benchmarking, ORCHID
    "2001:db8::/32",  # documentation
    "2002::/16",  # 6to4: an IPv4 address in disguise
    "2620:4f:8000::/48",  # AS112
    "3fff::/20",  # documentation
]
INSIDE = [ipaddress.IPv4Network(network) for network in INSIDE]
NOT_GLOBAL = [ipaddress.IPv6Network(network) for network in NOT_GLOBAL]


def is_public(address):
    """Whether an address, as text in the plain form that a resolver answers with, is out on the internet."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if parsed.version == 4:
        return not any(parsed in network for network in INSIDE)
    return not parsed.scope_id and parsed in GLOBAL and not any(parsed in network for network in NOT_GLOBAL)
