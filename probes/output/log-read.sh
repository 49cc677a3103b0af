#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: output.log-read
# title: Read the log that standard error goes to
# requirement: FD-11
# class: P
# needs: nothing
# setup: stderr-file
# witness: secret
# refusals: absent EACCES EPERM ENOENT ENXIO EBADF
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Standard error of the launcher is a log file, open for appending only. The script opens
#   it anew through /proc/self/fd and reads what others wrote.
# why: A descriptor for writing is a path to the file: /proc/self/fd opens it again with
#   whatever rights the file's mode gives.
# remedy: The caller's own descriptor is the script's. Hand it the write end of a pipe of the
#   launcher's, never a file. Impact: one copy more.
. "${0%/*}/../lib.sh"
begin "$1"
act reopen-read "$LOG_FD" "$SCRATCH/loot"
