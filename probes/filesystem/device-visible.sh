#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: filesystem.device-visible
# title: Open a device file in a tree that is shown
# requirement: DEV-21
# class: C
# needs: nothing
# setup: device-visible
# witness: nothing
# refusals: EACCES EPERM ENOENT ENXIO
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Opens, for reading, a device file in the tree that the target was asked to show
#   read-only. It is the device file of urandom, which everybody may read.
# why: A read-only mount does not make a device read-only: what stands behind the file is the
#   kernel, and a disk's device file in a tree that is shown is the whole disk.
# remedy: Mount what is shown with nodev (`mount -o remount,bind,nodev DIRECTORY`; bwrap does so
#   for --ro-bind). Impact: device files in it do not work.
. "${0%/*}/../lib.sh"
begin "$1"
act read "$DEVICE" "$SCRATCH/loot"
