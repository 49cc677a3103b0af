#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: filesystem.device-kmsg
# title: Open the device of the kernel's log for writing
# requirement: DEV-21
# class: T
# needs: root-caller
# setup: nothing
# witness: nothing
# refusals: ENOENT EACCES EPERM ENXIO EROFS
# reach: caller
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: PRV-01
# what: Opens /dev/kmsg for writing and closes it again. Nothing is written.
# why: Whoever may write there puts lines into the kernel's log that look like the kernel's own, and
#   whoever finds this device finds the others: disks, memory, consoles.
# remedy: The host's /dev is in view. Give the script one of its own with null, zero, full,
#   random and urandom (`bwrap --dev /dev`). Impact: programs that want a disk do not find it.
. "${0%/*}/../lib.sh"
begin "$1"
act open-write /dev/kmsg
