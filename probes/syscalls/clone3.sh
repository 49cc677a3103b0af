#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: syscalls.clone3
# title: Make a child with clone3
# requirement: SYS-22
# class: T
# needs: nothing
# setup: nothing
# witness: nothing
# refusals: EPERM ENOSYS EACCES SIGSYS
# closed: ENOSYS
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Makes a child with clone3(2) that ends at once. It has no flags, but a filter could not
#   have seen any.
# why: The flags of clone3 lie in memory, where no filter looks: where it goes through, so do the
#   namespaces that clone is refused.
# remedy: Install a seccomp filter before the script starts (`--seccomp` of bubblewrap, the
#   default profile of container engines) that answers ENOSYS to clone3; C libraries then use
#   clone, of which a filter sees the flags. Impact: none.
. "${0%/*}/../lib.sh"
begin "$1"
act call clone3
