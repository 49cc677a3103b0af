#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: lifecycle.fact-mounts
# title: Read where the host has mounted what
# requirement: PRC-21
# class: P
# needs: nothing
# setup: mount-outside
# witness: nothing
# refusals: absent ENOENT EACCES EPERM
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: FS-11
# what: Looks in /proc/self/mountinfo for a file system that the harness mounted outside under a
#   name made for this run.
# why: The list names disks, shares and volumes of other tenants, and the paths at which to
#   look for them.
# remedy: Give the run a root of its own and unmount the old one (`bwrap`, pivot_root(2)). A
#   chroot alone leaves the list in view. Impact: none.
. "${0%/*}/../lib.sh"
begin "$1"
act find-mount "$MOUNT_NAME"
