#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: syscalls.unshare
# title: Ask unshare for a user namespace
# requirement: SYS-22
# class: T
# needs: nothing
# setup: nothing
# witness: nothing
# refusals: EPERM ENOSYS EACCES SIGSYS
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Calls unshare(2) for a user namespace together with a flag that does not exist. The kernel
#   says EINVAL before anything else.
# why: In a user namespace of its own a script holds every capability, and with them reaches code
#   that was written for root.
# remedy: Install a seccomp filter before the script starts (`--seccomp` of bubblewrap, the
#   default profile of container engines) that refuses the CLONE_NEW flags of unshare and clone.
#   Impact: no nested sandboxes, such as those of browsers.
. "${0%/*}/../lib.sh"
begin "$1"
act call unshare
