#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: network.blocked-embedded
# title: Reach metadata addresses written into IPv6 ones where all else is open
# requirement: NET-13
# class: T
# needs: lab
# policy: /network/mode="unrestricted"
# policy: /network/denyLinkLocalAndMetadata=true
# setup: lab
# witness: arrivals
# refusals: ENETUNREACH EHOSTUNREACH EADDRNOTAVAIL EACCES EPERM EAFNOSUPPORT ENETDOWN ECONNREFUSED
# closed: EAFNOSUPPORT
# reach: identity
# budget: seconds=3 tasks=64 memory=256M output=64K
# what: Sends a datagram to each of six blocked IPv4 addresses in each of five IPv6 spellings
#   that a gateway turns back into IPv4, one after the other until one goes: NAT64 (RFC 6052,
#   RFC 8215), compatible (RFC 4291), translated (RFC 2765) and 6to4 (RFC 3056). The policy
#   leaves the rest of the network open.
# why: What a rule for 169.254.0.0/16 refuses, a NAT64 gateway of the network delivers: it sees
#   an IPv6 address, and makes an IPv4 packet of it behind the rule.
# remedy: Refuse the blocked IPv4 addresses in 64:ff9b::/96, 64:ff9b:1::/48, ::/96,
#   ::ffff:0:0:0/96 and 2002::/16 too (nft(8)), in a network namespace of the script's own.
#   Impact: none on other addresses.
. "${0%/*}/../lib.sh"
begin "$1"
lab_only
set --
for v4 in a9fe:a9fe a83f:8110 6464:64c8 c000:c0 e000:fb ffff:ffff; do
	set -- "$@" "64:ff9b::$v4" "64:ff9b:1::$v4" "::$v4" "::ffff:0:$v4" "2002:$v4::1"
done
act udp-any 80 "$@"
