#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: filesystem.device-ioctl
# title: Send a command to a device file in a tree that is shown
# requirement: FS-21
# class: C
# needs: nothing
# setup: device-visible
# witness: nothing
# refusals: EACCES EPERM ENOENT ENXIO
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Opens, for reading, a device file in the tree that the target was asked to show, and
#   asks the device with ioctl how much entropy there is: harmless, and a command like any
#   other.
# why: A descriptor that can only be read still takes commands, and drivers do their work by
#   them: discarding blocks, ejecting, loading firmware. The mount option nodev is one wall
#   before that; Landlock has had a right over commands to devices since Linux 6.10.
# remedy: Mount what is shown with nodev (`mount -o remount,bind,nodev DIRECTORY`), and let the
#   Landlock domain handle LANDLOCK_ACCESS_FS_IOCTL_DEV. Impact: devices in what is shown take
#   no commands.
. "${0%/*}/../lib.sh"
begin "$1"
act device-ioctl "$DEVICE"
