#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: scratch.device-file
# title: Make a device file in scratch and open it
# requirement: FS-02
# class: T
# needs: root-caller
# setup: nothing
# witness: nothing
# refusals: EPERM EACCES
# reach: caller
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: PRV-01
# what: Makes the character device 1:3, the null device, in scratch and opens it.
# why: A device file is a door to the driver wherever it lies; the number of a disk is as easy
#   to write. CAP_MKNOD is in the default set of container engines.
# remedy: The script holds CAP_MKNOD, and scratch is mounted without nodev. Drop the capability
#   and mount nodev. Impact: none for scripts.
. "${0%/*}/../lib.sh"
begin "$1"
act make-device "$SCRATCH/device"
