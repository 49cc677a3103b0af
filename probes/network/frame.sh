#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: network.frame
# title: Put a frame straight onto an interface
# requirement: NET-01
# class: T
# needs: lab root-caller
# policy: /network/mode="deny"
# setup: lab
# witness: arrivals
# refusals: ENETUNREACH EHOSTUNREACH EADDRNOTAVAIL EACCES EPERM EAFNOSUPPORT EPROTONOSUPPORT ENETDOWN absent ENXIO ENODEV
# reach: caller
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Opens a packet socket and sends an Ethernet frame, with an IPv4 packet to the metadata
#   address, on the first interface that is not the loopback.
# why: A frame takes no route and passes no rule of the IP layer; and packet sockets themselves
#   have had holes (CVE-2020-14386).
# remedy: The script shares a network namespace that has a route out. Give it one of its own
#   with loopback only (`bwrap --unshare-net`, `unshare -n`), or refuse the socket families with
#   seccomp. Impact: no network at all.
. "${0%/*}/../lib.sh"
begin "$1"
lab_only
act frame 169.254.169.254
