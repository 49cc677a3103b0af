#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: network.uring
# title: Connect without socket(2) and connect(2)
# requirement: NET-01
# class: T
# needs: lab
# policy: /network/mode="deny"
# setup: lab
# witness: arrivals
# refusals: ENETUNREACH EHOSTUNREACH EADDRNOTAVAIL EACCES EPERM EAFNOSUPPORT ENETDOWN ENOSYS
# closed: ENOSYS EPERM
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Opens an io_uring, and has it make a TCP socket (IORING_OP_SOCKET) and connect it.
# why: A seccomp filter sees system calls, and there is none but io_uring_enter: a sandbox that
#   refuses socket(2) alone is open here.
# remedy: The script shares a network namespace that has a route out. Give it one of its own
#   with loopback only (`bwrap --unshare-net`, `unshare -n`); a filter that refuses socket(2)
#   has to refuse io_uring_setup as well, or io_uring has to be switched off (`sysctl -w
#   kernel.io_uring_disabled=2`). Impact: no network at all.
. "${0%/*}/../lib.sh"
begin "$1"
lab_only
act uring-tcp 203.0.113.10 80
