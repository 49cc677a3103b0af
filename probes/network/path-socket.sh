#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: network.path-socket
# title: Connect to a unix socket in /run
# requirement: NET-11
# class: C
# needs: nothing
# policy: /network/mode="deny"
# setup: listener-path
# witness: accept
# refusals: ENOENT ECONNREFUSED EPERM EACCES EAFNOSUPPORT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: FS-11
# what: Connects to a listener of the harness whose socket lies in /run and may be written by
#   all.
# why: A read-only mount does not stop connect(2). The sockets of container engines, message
#   buses and agents lie there, and some of them are root for whoever may connect.
# remedy: The script shares the host's network namespace or a directory with the socket. Give it
#   a network namespace of its own, and show it no directory that holds sockets of the host.
#   Impact: services on the host are out of reach.
. "${0%/*}/../lib.sh"
begin "$1"
act unix "$LISTEN_PATH"
