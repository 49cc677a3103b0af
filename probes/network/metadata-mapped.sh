#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: network.metadata-mapped
# title: Reach the metadata service in another spelling
# requirement: NET-13
# class: T
# needs: lab
# policy: /network/mode="deny"
# setup: lab
# witness: arrivals
# refusals: ENETUNREACH EHOSTUNREACH EADDRNOTAVAIL EACCES EPERM EAFNOSUPPORT ENETDOWN
# closed: EAFNOSUPPORT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: NET-01
# what: Asks for /latest/meta-data/ over HTTP at ::ffff:169.254.169.254, the IPv4-mapped IPv6
#   address of the metadata service.
# why: The same service in a spelling that comparisons of text, and lists of IPv4 addresses, do
#   not know.
# remedy: The script shares a network namespace that has a route out. Give it one of its own
#   with loopback only (`bwrap --unshare-net`, `unshare -n`), or refuse the socket families with
#   seccomp. Impact: no network at all.
. "${0%/*}/../lib.sh"
begin "$1"
lab_only
act http ::ffff:169.254.169.254 80 /latest/meta-data/
