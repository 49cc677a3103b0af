#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: network.udp-v4
# title: Send a datagram to a peer over IPv4
# requirement: NET-01
# class: T
# needs: lab
# policy: /network/mode="deny"
# setup: lab
# witness: arrivals
# refusals: ENETUNREACH EHOSTUNREACH EADDRNOTAVAIL EACCES EPERM EAFNOSUPPORT ENETDOWN
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Sends one UDP datagram to a peer of the lab. Whether it arrived is seen on the far side.
# why: Landlock's network rules cover TCP only; a datagram needs no answer to carry something
#   out.
# remedy: The script shares a network namespace that has a route out. Give it one of its own
#   with loopback only (`bwrap --unshare-net`, `unshare -n`), or refuse the socket families with
#   seccomp. Impact: no network at all.
. "${0%/*}/../lib.sh"
begin "$1"
lab_only
act udp 203.0.113.10 7
