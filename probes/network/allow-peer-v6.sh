#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: network.allow-peer-v6
# title: Reach a peer over IPv6 that the list does not name
# requirement: NET-12
# class: T
# needs: lab
# policy: /network/allow=["203.0.113.10 tcp 80"]
# setup: lab
# witness: arrivals
# refusals: ENETUNREACH EHOSTUNREACH EADDRNOTAVAIL EACCES EPERM EAFNOSUPPORT ENETDOWN ECONNREFUSED
# closed: EAFNOSUPPORT
# reach: identity
# budget: seconds=3 tasks=64 memory=256M output=64K
# what: Connects to a peer over IPv6, of which the policy's list says nothing.
# why: Rules are written for IPv4 and forgotten for IPv6, which most hosts have.
# remedy: Filter by destination, protocol and port (nft(8)) in a network namespace of the
#   script's own, before it starts, for IPv4 and IPv6. Let that namespace belong to a user
#   namespace in which the script has no capability. Impact: what the list does not name is
#   refused.
. "${0%/*}/../lib.sh"
begin "$1"
lab_only
act tcp 2001:db8:1::20 80
