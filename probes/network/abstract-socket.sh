#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: network.abstract-socket
# title: Connect to an abstract unix socket of the host
# requirement: NET-11
# class: C
# needs: nothing
# policy: /network/mode="deny"
# setup: listener-abstract
# witness: accept
# refusals: ECONNREFUSED EPERM EACCES EAFNOSUPPORT ENOENT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: NET-01
# what: Connects to an abstract unix socket, one whose name is no file, on which the harness
#   listens outside.
# why: The name belongs to the network namespace and has no mode. CVE-2020-15257: containerd's
#   shim could be spoken to by any container on the host's network.
# remedy: The script shares the host's network namespace, which abstract names belong to. Give
#   it one of its own (`unshare -n`, `bwrap --unshare-net`), or scope it with Landlock (ABI
#   6). Impact: services on the host are out of reach.
. "${0%/*}/../lib.sh"
begin "$1"
act unix "@$LISTEN_NAME"
