#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: filesystem.working-directory
# title: Write through the working directory that was handed over
# requirement: FS-01
# class: C
# needs: nothing
# setup: canary-file cwd-outside
# witness: canary-file
# refusals: EROFS EACCES EPERM ENOENT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: The launcher was started in a directory outside scratch; the script writes to a file
#   there by its bare name.
# why: CVE-2024-21626: runc left the working directory of a container on the host's side, and a
#   relative path walked out.
# remedy: The launcher hands its working directory on. Change to scratch inside (`bwrap --chdir
#   SCRATCH`). Impact: relative paths start in scratch.
. "${0%/*}/../lib.sh"
begin "$1"
act append "${CANARY##*/}"
