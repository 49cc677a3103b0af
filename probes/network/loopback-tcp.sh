#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: network.loopback-tcp
# title: Connect to a server on the host's loopback
# requirement: NET-11
# class: C
# needs: nothing
# policy: /network/mode="deny"
# setup: listener-tcp
# witness: accept
# refusals: ECONNREFUSED ENETUNREACH EHOSTUNREACH EADDRNOTAVAIL EACCES EPERM EAFNOSUPPORT ENETDOWN
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: NET-01
# what: Connects to a TCP server of the harness that listens on 127.0.0.1 outside the sandbox.
# why: Databases, debuggers and agents listen there and trust whoever can reach them.
# remedy: The script shares the host's network namespace, and with it the loopback. Give it
#   one of its own (`unshare -n`, `bwrap --unshare-net`). Impact: services on the host are out
#   of reach.
. "${0%/*}/../lib.sh"
begin "$1"
act tcp 127.0.0.1 "$LISTEN_PORT"
