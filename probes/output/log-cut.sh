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
# why: Who can rewrite the log of his own run, and of those before it, leaves no trace.
# remedy: The caller's own descriptor is the script's. Hand it the write end of a pipe of the
#   launcher's, never a file. Impact: one copy more.
. "${0%/*}/../lib.sh"
begin "$1"
act reopen-cut "$LOG_FD"
