#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: network.icmp-v4
# title: Ping the metadata address
# requirement: NET-01
# class: T
# needs: lab
# policy: /network/mode="deny"
# setup: lab
# witness: arrivals
# refusals: ENETUNREACH EHOSTUNREACH EADDRNOTAVAIL EACCES EPERM EAFNOSUPPORT EPROTONOSUPPORT ENETDOWN
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Sends one ICMP echo request through a ping socket, which needs no capability where
#   net.ipv4.ping_group_range lets the group in, or else through a raw socket.
# why: A filter on ports does not see ICMP, and an echo request carries whatever bytes it is
#   given.
# remedy: The script shares a network namespace that has a route out. Give it one of its own
#   with loopback only (`bwrap --unshare-net`, `unshare -n`), or refuse the socket families with
#   seccomp. Impact: no network at all.
. "${0%/*}/../lib.sh"
begin "$1"
lab_only
act ping 169.254.169.254
