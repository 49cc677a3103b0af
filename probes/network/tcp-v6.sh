#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: network.tcp-v6
# title: Connect to a peer over TCP and IPv6
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
# what: Connects to a server of the lab over IPv6.
# why: Rules are often written for IPv4 only; a host without a rule for IPv6 is open on it.
# remedy: The script shares a network namespace that has a route out. Give it one of its own
#   with loopback only (`bwrap --unshare-net`, `unshare -n`), or refuse the socket families with
#   seccomp. Impact: no network at all.
. "${0%/*}/../lib.sh"
begin "$1"
lab_only
act tcp 2001:db8:1::10 80
