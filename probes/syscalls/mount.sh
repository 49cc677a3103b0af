#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: syscalls.mount
# title: Get a mount call through to the kernel
# requirement: SYS-22
# class: T
# needs: nothing
# setup: nothing
# witness: nothing
# refusals: EPERM ENOSYS EACCES SIGSYS
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Calls mount(2) with addresses that lead nowhere. The kernel says EFAULT to everybody; only
#   a filter in front says something else.
# why: Whoever has a user namespace of its own may mount, and file system code is where many
#   kernel bugs were found.
# remedy: Install a seccomp filter before the script starts (`--seccomp` of bubblewrap, the
#   default profile of container engines) that refuses mount and umount2. Impact: no FUSE or
#   overlay mounts by the script.
. "${0%/*}/../lib.sh"
begin "$1"
act call mount
