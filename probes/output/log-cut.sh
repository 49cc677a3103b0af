#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: output.log-cut
# title: Empty the log that standard error goes to
# requirement: FD-11
# class: C
# needs: nothing
# setup: stderr-file
# witness: log
# refusals: absent EACCES EPERM ENOENT ENXIO EROFS EBADF
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Standard error of the launcher is a log file, open for appending only. The script opens
#   it anew through /proc/self/fd and empties it.
# why: A script that can rewrite the log of its own run, and of those before it, leaves no
#   trace.
# remedy: The script holds the caller's own descriptor. Hand it the write end of a pipe that the
#   launcher made, never a file (from a shell: `LAUNCHER 2>&1 | cat >>LOG`). Impact: the output
#   is copied once more.
. "${0%/*}/../lib.sh"
begin "$1"
act reopen-cut "$LOG_FD"
