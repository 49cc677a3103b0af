#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: filesystem.propagation
# title: Mount something that shows outside
# requirement: FS-12
# class: C
# needs: root-caller
# setup: nothing
# witness: mounts
# refusals: EPERM EACCES witness
# reach: caller
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: PRV-01
# what: Mounts a tmpfs of 64 KiB on a directory in scratch. The harness looks for it in its own
#   mount table: a mount that only the script sees is none of the host's.
# why: With shared propagation, the default of systemd, a mount made inside appears outside:
#   over any path the script can reach.
# remedy: The script holds CAP_SYS_ADMIN in a mount namespace that is shared with, or propagates
#   to, the host's. Drop the capability and make the tree private (`unshare --propagation
#   private`). Impact: none.
. "${0%/*}/../lib.sh"
begin "$1"
act mount-tmpfs "$SCRATCH/mounted"
