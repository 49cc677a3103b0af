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
# remedy: A directory of the host with sockets in it is in the script's view, and neither a
#   network namespace nor a read-only mount closes them. Show no such directory: a fresh tmpfs
#   over /run (`bwrap --tmpfs /run`). Impact: services on the host are out of reach.
. "${0%/*}/../lib.sh"
begin "$1"
act unix "$LISTEN_PATH"
