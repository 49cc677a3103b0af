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
# remedy: The script may make a user namespace, or holds CAP_SYS_ADMIN in its own, and the
#   mounts are not locked against it. Refuse nested user namespaces (`bwrap --disable-userns`)
#   and make the read-only mounts in a mount namespace that a more privileged user namespace
#   owns. Impact: no nested sandboxes.
. "${0%/*}/../lib.sh"
begin "$1"
act uncover-append "$CANARY"
