#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: network.resolver
# title: Send data out as a name that is looked up
# requirement: NET-01
# class: T
# needs: lab
# policy: /network/mode="deny"
# setup: lab
# witness: arrivals
# refusals: ENETUNREACH EHOSTUNREACH EADDRNOTAVAIL EACCES EPERM EAFNOSUPPORT ENETDOWN
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Sends a DNS query to the lab's name server for a name that begins with a random number
#   of this run.
# why: The resolver is the hole that is left open most often: the name itself is the message,
#   whoever asks for it.
# remedy: The script shares a network namespace that has a route out. Give it one of its own
#   with loopback only (`bwrap --unshare-net`, `unshare -n`), or refuse the socket families with
#   seccomp. Impact: no network at all.
. "${0%/*}/../lib.sh"
begin "$1"
lab_only
act dns 203.0.113.53 "$NONCE.example"
