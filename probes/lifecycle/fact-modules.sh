#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: lifecycle.fact-modules
# title: Read which modules the kernel has loaded
# requirement: PRC-21
# class: P
# needs: nothing
# setup: nothing
# witness: nothing
# refusals: absent ENOENT EACCES EPERM ENOSYS
# closed: absent EACCES EPERM ENOENT
# reach: caller
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Tries to read the list of modules in /proc/modules, and the kernel's configuration in
#   /proc/config.gz. One of them is enough.
# why: The list says which drivers and which of their known flaws are there to be tried.
# remedy: Give the run a /proc that shows its own processes alone (`mount -t proc -o subset=pid
#   proc /proc`) and no /sys, or mask single files as container engines do. Impact: tools that
#   report on the machine find nothing.
. "${0%/*}/../lib.sh"
begin "$1"
act read-any /proc/modules /proc/config.gz
