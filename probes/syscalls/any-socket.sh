#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: syscalls.any-socket
# title: Get a kind of socket or a terminal command through to the kernel
# requirement: SYS-24
# class: T
# needs: nothing
# setup: nothing
# witness: nothing
# refusals: EPERM ENOSYS EACCES SIGSYS EAFNOSUPPORT EPROTONOSUPPORT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Asks for an IPv4 socket of a type and for one of a protocol that no kernel has, for a pair
#   of IPv4 sockets, and for two commands of terminals (TIOCSTI, TIOCLINUX) on a descriptor that
#   is none. Nothing comes into being and no module is looked for; the result names the call
#   that got the kernel's own answer.
# why: A filter that lists address families and forgets types, pairs or commands leaves what lies
#   behind them in reach: TIOCSTI typed into the terminal of whoever started bubblewrap,
#   CVE-2017-5226.
# remedy: Let the filter look at type and protocol too, and refuse the commands that type into a
#   terminal. Impact: no raw sockets.
. "${0%/*}/../lib.sh"
begin "$1"
act let-through socket
