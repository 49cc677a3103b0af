#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: lifecycle.fact-hardware
# title: Read what machine this is
# requirement: PRC-21
# class: P
# needs: nothing
# setup: nothing
# witness: nothing
# refusals: absent ENOENT EACCES EPERM ENOSYS
# closed: absent EACCES EPERM ENOENT
# reach: caller
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Tries to read the maker, the board and the version of the firmware below /sys/class/dmi,
#   and the list of devices on the PCI bus. One of them is enough.
# why: Model and firmware tell a cloud from an office and one host from another, and which
#   flaws its hardware has.
# remedy: Give the run a /proc that shows its own processes alone (`mount -t proc -o subset=pid
#   proc /proc`) and no /sys, or mask single files as container engines do. Impact: tools that
#   report on the machine find nothing.
. "${0%/*}/../lib.sh"
begin "$1"
act read-any /sys/class/dmi/id/sys_vendor /sys/class/dmi/id/board_name /sys/class/dmi/id/bios_version /proc/bus/pci/devices
