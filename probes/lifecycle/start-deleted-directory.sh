#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: lifecycle.start-deleted-directory
# title: Write outside from a working directory that is gone
# requirement: LIF-22
# class: C
# needs: nothing
# setup: canary-file invocation=deleted-directory
# witness: canary-file
# refusals: refused EROFS EACCES EPERM ENOENT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: FS-01
# what: The launcher is started in a directory that was removed before, so that its working
#   directory has no name; the script, if it is run at all, appends a line to a file outside
#   scratch.
# why: A working directory that is kept is a way around a new root: CVE-2024-21626 (runc,
#   2024) led to the host through one that had no name inside.
# remedy: Before anything else, put in order what the caller handed over: open /dev/null on
#   streams that are closed, set signals and their mask to the default, ask for more
#   descriptors or refuse, and leave the working directory. Impact: none.
. "${0%/*}/../lib.sh"
begin "$1"
act append "$CANARY"
