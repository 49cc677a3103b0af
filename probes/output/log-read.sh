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
# remedy: The script holds the caller's own descriptor. Hand it the write end of a pipe that the
#   launcher made, never a file (from a shell: `LAUNCHER 2>&1 | cat >>LOG`). Impact: the output
#   is copied once more.
. "${0%/*}/../lib.sh"
begin "$1"
act reopen-read "$LOG_FD" "$SCRATCH/loot"
