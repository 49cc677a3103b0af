#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: filesystem.visible-write
# title: Append to a file that is shown read-only
# requirement: FS-12
# class: C
# needs: nothing
# setup: canary-visible
# witness: canary-file
# refusals: EROFS EACCES EPERM ENOENT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Appends one line to a file inside the directory that the target was asked to show
#   read-only. Outside, this identity may write it.
# why: A file that is absent cannot be written. This one is there, and shows whether the tree is
#   read-only.
# remedy: The tree is shown with the mount flags that it has outside. Bind the tree recursively
#   read-only (mount_setattr with AT_RECURSIVE, or `bwrap --ro-bind`, which walks the
#   submounts). Impact: none for readers.
. "${0%/*}/../lib.sh"
begin "$1"
act append "$CANARY"
