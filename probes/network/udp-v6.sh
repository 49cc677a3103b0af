#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: network.udp-v6
# title: Send a datagram to a peer over IPv6
# requirement: NET-01
# class: T
# needs: lab
# policy: /network/mode="deny"
# setup: lab
# witness: arrivals
# refusals: ENETUNREACH EHOSTUNREACH EADDRNOTAVAIL EACCES EPERM EAFNOSUPPORT ENETDOWN
# closed: EAFNOSUPPORT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Sends one UDP datagram to a peer of the lab over IPv6.
# why: Rules for TCP alone leave it open, and so do rules for IPv4 alone.
# remedy: The script shares a network namespace that has a route out. Give it one of its own
#   with loopback only (`bwrap --unshare-net`, `unshare -n`), or refuse the socket families with
#   seccomp. Impact: no network at all.
. "${0%/*}/../lib.sh"
begin "$1"
lab_only
act udp 2001:db8:1::10 7
