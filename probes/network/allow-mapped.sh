#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: network.allow-mapped
# title: Reach another peer by an IPv4-mapped address
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
# what: Connects an IPv6 socket to ::ffff:203.0.113.20, which stands for an IPv4 peer that the
#   policy's list does not name.
# why: A filter on addresses as they are written in system calls does not know this spelling.
# remedy: Filter by destination, protocol and port (nft(8)) in a network namespace of the
#   script's own, before it starts, for IPv4 and IPv6. Let that namespace belong to a user
#   namespace in which the script has no capability. Impact: what the list does not name is
#   refused.
. "${0%/*}/../lib.sh"
begin "$1"
lab_only
act tcp ::ffff:203.0.113.20 80
