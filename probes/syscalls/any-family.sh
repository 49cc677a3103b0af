#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: syscalls.any-family
# title: Get a socket of a rare address family through to the kernel
# requirement: SYS-24
# class: T
# needs: nothing
# setup: nothing
# witness: nothing
# refusals: EPERM ENOSYS EACCES SIGSYS EAFNOSUPPORT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Asks for a socket of each address family but unix, IPv4, IPv6 and netlink, among them
#   vsock (to the hypervisor), the kernel's cryptography (AF_ALG), packet, CAN, Bluetooth, TIPC
#   and RDS, of a type that no kernel has. Nothing comes into being and no module is loaded; the
#   result names the first family that got the kernel's own answer.
# why: The kernel loads the module of a family when anybody asks for a socket of it, and most are
#   old, large and hardly used: a race in vsock (CVE-2021-26708), an overflow in TIPC
#   (CVE-2021-43267) and a use after free in AF_ALG (CVE-2019-8912) were open to every user.
# remedy: Install a seccomp filter before the script starts that refuses socket and socketpair
#   for every family but those that the policy needs. Impact: no raw packets, and no sockets to
#   the hypervisor.
. "${0%/*}/../lib.sh"
begin "$1"
act let-through family
