#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: network.allow-fragments
# title: Send another peer a datagram in fragments
# requirement: NET-12
# class: T
# needs: lab
# policy: /network/allow=["203.0.113.10 tcp 80"]
# setup: lab
# witness: arrivals
# refusals: ENETUNREACH EHOSTUNREACH EADDRNOTAVAIL EACCES EPERM EAFNOSUPPORT ENETDOWN ECONNREFUSED
# reach: identity
# budget: seconds=3 tasks=64 memory=256M output=64K
# what: Sends a UDP datagram of 9000 bytes, which has to leave in fragments, to a peer that the
#   policy's list does not name.
# why: Only the first fragment has ports: a filter without reassembly passes the others.
# remedy: Filter by destination, protocol and port (nft(8)) in a network namespace of the
#   script's own, before it starts, for IPv4 and IPv6. Let that namespace belong to a user
#   namespace in which the script has no capability. Impact: what the list does not name is
#   refused.
. "${0%/*}/../lib.sh"
begin "$1"
lab_only
act udp-long 203.0.113.20 80 9000
