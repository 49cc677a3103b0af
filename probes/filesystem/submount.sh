#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: filesystem.submount
# title: Write to a mount below what is shown read-only
# requirement: FS-12
# class: C
# needs: nothing
# setup: submount
# witness: submount
# refusals: EROFS EACCES EPERM ENOENT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Creates a file on a writable tmpfs that is mounted below the directory which the target
#   was asked to show read-only.
# why: MS_RDONLY with MS_BIND acts on one mount and not on those below it, mount(2). nsjail -R
#   and firejail --read-only left such a mount writable when this was written.
# remedy: The mount below was shown with the flags that it has outside. Bind the tree
#   recursively read-only (mount_setattr with AT_RECURSIVE, or `bwrap --ro-bind`, which walks
#   the submounts). Impact: none for readers.
. "${0%/*}/../lib.sh"
begin "$1"
act create "$SUBMOUNT/created"
