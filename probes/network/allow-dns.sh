#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: network.allow-dns
# title: Ask a name server that the list does not name
# requirement: NET-12
# class: T
# needs: lab
# policy: /network/allow=["203.0.113.10 tcp 80"]
# setup: lab
# witness: arrivals
# refusals: ENETUNREACH EHOSTUNREACH EADDRNOTAVAIL EACCES EPERM EAFNOSUPPORT ENETDOWN ECONNREFUSED
# reach: identity
# budget: seconds=3 tasks=64 memory=256M output=64K
# what: Sends a DNS query for loot.example to the lab's name server, which the policy's list
#   does not name.
# why: What is asked is carried on to whoever owns the name: a question holds 200 bytes of loot, and
#   lists let name servers through without being asked to.
# remedy: Filter by destination, protocol and port (nft(8)) in a network namespace of the
#   script's own, before it starts, for IPv4 and IPv6. Let that namespace belong to a user
#   namespace in which the script has no capability. Impact: what the list does not name is
#   refused.
. "${0%/*}/../lib.sh"
begin "$1"
lab_only
act dns 203.0.113.53 loot.example
