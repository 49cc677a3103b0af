#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: syscalls.netlink-diag
# title: Open a netlink socket for socket diagnosis
# requirement: SYS-24
# class: T
# needs: nothing
# setup: nothing
# witness: nothing
# refusals: EPERM EACCES ENOSYS EAFNOSUPPORT EPROTONOSUPPORT SIGSYS
# closed: EPROTONOSUPPORT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Opens a netlink socket of the protocol SOCK_DIAG, and closes it.
# why: It speaks to parsers in the kernel that no script needs (CVE-2013-1763: any user was root),
#   and asking may load modules.
# remedy: Install a seccomp filter before the script starts (`--seccomp` of bubblewrap, the
#   default profile of container engines) that lets through the address families and netlink
#   protocols that the policy needs: unix, IPv4, IPv6 and the netlink protocol of routes
#   (NETLINK_ROUTE). Impact: ss(8) shows nothing.
. "${0%/*}/../lib.sh"
begin "$1"
act call netlink-diag
