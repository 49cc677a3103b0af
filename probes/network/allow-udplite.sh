#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: network.allow-udplite
# title: Reach an allowed peer by UDP-Lite
# requirement: NET-12
# class: T
# needs: lab
# policy: /network/allow=["203.0.113.10 tcp 80"]
# setup: lab
# witness: arrivals
# refusals: ENETUNREACH EHOSTUNREACH EADDRNOTAVAIL EACCES EPERM EAFNOSUPPORT ENETDOWN ECONNREFUSED EPROTONOSUPPORT
# reach: identity
# budget: seconds=3 tasks=64 memory=256M output=64K
# what: Sends a datagram of UDP-Lite (IP protocol 136) to an address and port that the policy's
#   list names for TCP alone.
# why: A filter that refuses TCP and UDP by name and accepts the rest is open here.
# remedy: Filter by destination, protocol and port (nft(8)) in a network namespace of the
#   script's own, before it starts, for IPv4 and IPv6. Let that namespace belong to a user
#   namespace in which the script has no capability. Impact: what the list does not name is
#   refused.
. "${0%/*}/../lib.sh"
begin "$1"
lab_only
act datagram 136 203.0.113.10 80
