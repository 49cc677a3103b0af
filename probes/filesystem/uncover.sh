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
# what: Tries to append one line to a file that is shown read-only. Where that is refused, makes
#   a mount namespace, with a user namespace where it needs one, remounts writable or unmounts
#   every mount above the file, and tries again. Where no namespace can be made, the first
#   answer counts.
# why: In a user namespace the script holds CAP_SYS_ADMIN again. The kernel locks the mounts it
#   inherited, but only those of a more privileged namespace, mount_namespaces(7).
# remedy: The script may make a user namespace, or holds CAP_SYS_ADMIN in its own, and the
#   mounts are not locked against it. Refuse nested user namespaces (`bwrap --disable-userns`)
#   and make the read-only mounts in a mount namespace that a more privileged user namespace
#   owns. Impact: no nested sandboxes.
. "${0%/*}/../lib.sh"
begin "$1"
act uncover-append "$CANARY"
