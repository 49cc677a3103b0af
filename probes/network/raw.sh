#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: network.raw
# title: Send a raw datagram to the metadata address
# requirement: NET-01
# class: T
# needs: lab root-caller
# policy: /network/mode="deny"
# setup: lab
# witness: arrivals
# refusals: ENETUNREACH EHOSTUNREACH EADDRNOTAVAIL EACCES EPERM EAFNOSUPPORT EPROTONOSUPPORT ENETDOWN
# reach: caller
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Opens a raw socket for IP protocol 253, which is neither TCP nor UDP, and sends one
#   datagram.
# why: CAP_NET_RAW is in the default set of container engines, and filters are written for the
#   protocols that people know.
# remedy: The script shares a network namespace that has a route out. Give it one of its own
#   with loopback only (`bwrap --unshare-net`, `unshare -n`), or refuse the socket families with
#   seccomp. Impact: no network at all.
. "${0%/*}/../lib.sh"
begin "$1"
lab_only
act raw 169.254.169.254 253
