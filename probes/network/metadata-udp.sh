#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: network.metadata-udp
# title: Send a datagram to the metadata address
# requirement: NET-01
# class: T
# needs: lab
# policy: /network/mode="deny"
# setup: lab
# witness: arrivals
# refusals: ENETUNREACH EHOSTUNREACH EADDRNOTAVAIL EACCES EPERM EAFNOSUPPORT ENETDOWN
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Sends one UDP datagram to port 53 of the metadata address, where some clouds have a name
#   server.
# why: A rule for TCP port 80 of that address leaves it open.
# remedy: The script shares a network namespace that has a route out. Give it one of its own
#   with loopback only (`bwrap --unshare-net`, `unshare -n`), or refuse the socket families with
#   seccomp. Impact: no network at all.
. "${0%/*}/../lib.sh"
begin "$1"
lab_only
act udp 169.254.169.254 53
