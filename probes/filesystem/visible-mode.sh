#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: filesystem.visible-mode
# title: Change the mode of a file that is shown read-only
# requirement: FS-12
# class: C
# needs: nothing
# setup: canary-visible
# witness: canary-file
# refusals: EROFS EACCES EPERM ENOENT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Sets mode 04777 on a file of its own identity inside the directory that is shown
#   read-only.
# why: A set-user-ID bit on a file of the caller's is the caller's identity for whoever runs it.
#   Landlock lets chmod through even where it refuses to open the file.
# remedy: Landlock does not cover chmod, chown, utime and setxattr; only a read-only mount does.
#   Show the tree through a recursively read-only bind mount (`bwrap --ro-bind TREE TREE ...`).
#   Impact: none for readers.
. "${0%/*}/../lib.sh"
begin "$1"
act set-mode "$CANARY"
