#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: network.loopback-udp
# title: Send a datagram to the host's loopback
# requirement: NET-11
# class: C
# needs: nothing
# policy: /network/mode="deny"
# setup: listener-udp
# witness: accept
# refusals: witness ECONNREFUSED ENETUNREACH EHOSTUNREACH EADDRNOTAVAIL EACCES EPERM EAFNOSUPPORT ENETDOWN
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: NET-01
# what: Sends one datagram to a UDP socket of the harness on 127.0.0.1. Where the sandbox has a
#   network namespace of its own, the datagram is sent and nobody gets it.
# why: Local resolvers and log daemons listen there.
# remedy: The script shares the host's network namespace, and with it the loopback. Give it
#   one of its own (`unshare -n`, `bwrap --unshare-net`). Impact: services on the host are out
#   of reach.
. "${0%/*}/../lib.sh"
begin "$1"
act udp 127.0.0.1 "$LISTEN_PORT"
