#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: network.icmp-v6
# title: Ping the IPv6 metadata address
# requirement: NET-01
# class: T
# needs: lab
# policy: /network/mode="deny"
# setup: lab
# witness: arrivals
# refusals: ENETUNREACH EHOSTUNREACH EADDRNOTAVAIL EACCES EPERM EAFNOSUPPORT EPROTONOSUPPORT ENETDOWN
# closed: EAFNOSUPPORT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Sends one ICMPv6 echo request to fd00:ec2::254 through a ping socket, or else through a
#   raw socket.
# why: A filter on ports does not see ICMPv6 either; and rules that must let neighbour discovery
#   pass are easily written so that all ICMPv6 passes.
# remedy: The script shares a network namespace that has a route out. Give it one of its own
#   with loopback only (`bwrap --unshare-net`, `unshare -n`), or refuse the socket families with
#   seccomp. Impact: no network at all.
. "${0%/*}/../lib.sh"
begin "$1"
lab_only
act ping fd00:ec2::254
