#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: network.allow-port
# title: Reach another port of an allowed peer
# requirement: NET-12
# class: T
# needs: lab
# policy: /network/allow=["203.0.113.10 tcp 80"]
# setup: lab
# witness: arrivals
# refusals: ENETUNREACH EHOSTUNREACH EADDRNOTAVAIL EACCES EPERM EAFNOSUPPORT ENETDOWN ECONNREFUSED
# reach: identity
# budget: seconds=3 tasks=64 memory=256M output=64K
# what: Connects to port 7 of a peer of which the policy's list names port 80 alone.
# why: One machine serves many things: a list without ports gives the update server's shell along
#   with its files.
# remedy: Filter by destination, protocol and port (nft(8)) in a network namespace of the
#   script's own, before it starts, for IPv4 and IPv6. Let that namespace belong to a user
#   namespace in which the script has no capability. Impact: what the list does not name is
#   refused.
. "${0%/*}/../lib.sh"
begin "$1"
lab_only
act tcp 203.0.113.10 7
