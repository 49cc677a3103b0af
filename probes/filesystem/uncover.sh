#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: filesystem.uncover
# title: Take the read-only cover off
# requirement: FS-12
# class: C
# needs: nothing
# setup: canary-visible
# witness: canary-file
# refusals: EROFS EACCES EPERM ENOENT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Makes a mount namespace, with a user namespace where it needs one, remounts writable or
#   unmounts every mount above a file that is shown read-only, and appends one line to it. Where
#   no namespace can be made, the write alone is tried.
# why: In a user namespace the script holds CAP_SYS_ADMIN again. The kernel locks the mounts it
#   inherited, but only those of a more privileged namespace, mount_namespaces(7).
# remedy: The tree is shown with its own mount flags. Bind it recursively read-only
#   (mount_setattr with AT_RECURSIVE, or `bwrap --ro-bind`, which walks the submounts). Impact:
#   none for readers.
. "${0%/*}/../lib.sh"
begin "$1"
act uncover-append "$CANARY"
