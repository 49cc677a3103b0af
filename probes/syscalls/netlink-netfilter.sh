#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: syscalls.netlink-netfilter
# title: Open a netlink socket of netfilter's
# requirement: SYS-24
# class: T
# needs: nothing
# setup: nothing
# witness: nothing
# refusals: EPERM EACCES ENOSYS EAFNOSUPPORT EPROTONOSUPPORT SIGSYS
# closed: not-loaded
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Opens a netlink socket of the protocol NETFILTER, where the kernel has it without loading
#   a module, and closes it.
# why: In a user namespace of its own a script may write rules, and that code was the way to root
#   again and again (CVE-2023-32233, CVE-2024-1086).
# remedy: Install a seccomp filter before the script starts (`--seccomp` of bubblewrap, the
#   default profile of container engines) that refuses netlink protocols other than that of
#   routes (NETLINK_ROUTE). Impact: no nft(8) by the script.
. "${0%/*}/../lib.sh"
begin "$1"
act call netlink-netfilter
