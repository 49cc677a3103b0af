#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: network.tcp-v4
# title: Connect to a peer over TCP and IPv4
# requirement: NET-01
# class: T
# needs: lab
# policy: /network/mode="deny"
# setup: lab
# witness: arrivals
# refusals: ENETUNREACH EHOSTUNREACH EADDRNOTAVAIL EACCES EPERM EAFNOSUPPORT ENETDOWN
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Connects to a server of the lab, outside the sandbox.
# why: Where a secret goes once it is read, and where the second stage of an attack comes from.
# remedy: The script shares a network namespace that has a route out. Give it one of its own
#   with loopback only (`bwrap --unshare-net`, `unshare -n`), or refuse the socket families with
#   seccomp. Impact: no network at all.
. "${0%/*}/../lib.sh"
begin "$1"
lab_only
act tcp 203.0.113.10 80
