#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: lifecycle.fact-memory
# title: Read the memory of the kernel
# requirement: PRC-21
# class: P
# needs: nothing
# setup: nothing
# witness: nothing
# refusals: absent ENOENT EACCES EPERM ENOSYS
# closed: absent EACCES EPERM ENOENT
# reach: caller
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Tries to read the first bytes of /proc/kcore, the whole memory of the machine as a core
#   file. They are the head of that file, and nothing of the memory itself.
# why: Whoever may read it has the keys and the data of every process and of every other tenant.
#   Container engines mask it since a script that runs as root could read it.
# remedy: Give the run a /proc that shows its own processes alone (`mount -t proc -o subset=pid
#   proc /proc`), or mask the file as container engines do, and let the script not be the host's
#   root. Impact: none for scripts.
. "${0%/*}/../lib.sh"
begin "$1"
act read-any /proc/kcore
