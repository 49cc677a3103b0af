#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: syscalls.open-tree
# title: Use the newer mount interface
# requirement: SYS-22
# class: T
# needs: nothing
# setup: nothing
# witness: nothing
# refusals: EPERM ENOSYS EACCES SIGSYS
# closed: ENOSYS
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Opens the root directory with open_tree(2), which nobody is refused as long as nothing is
#   copied.
# why: CVE-2021-41133 (Flatpak): a filter that knew mount did not know fsopen, open_tree and
#   move_mount.
# remedy: Install a seccomp filter before the script starts (`--seccomp` of bubblewrap, the
#   default profile of container engines) that refuses what is newer than its table, and
#   open_tree, move_mount, fsopen, fsmount, mount_setattr. Impact: none for ordinary programs.
. "${0%/*}/../lib.sh"
begin "$1"
act call open-tree
