#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: lifecycle.start-few-descriptors
# title: Write outside when the launcher may open 20 files
# requirement: LIF-22
# class: C
# needs: nothing
# setup: canary-file invocation=few-descriptors
# witness: canary-file
# refusals: refused EROFS EACCES EPERM ENOENT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: FS-01
# what: The launcher is started with a hard limit of 20 descriptors, so that some step of its
#   set-up may find none left; the script, if it is run at all, appends a line to a file
#   outside scratch.
# why: The limit is the caller's to choose, also for a launcher with privileges, and
#   descriptors run out in the middle of the set-up, where few have tried what happens: an
#   error path that opens up is the oldest kind of hole.
# remedy: Before anything else, put in order what the caller handed over: open /dev/null on
#   streams that are closed, set signals and their mask to the default, ask for more
#   descriptors or refuse, and leave the working directory. Impact: none.
. "${0%/*}/../lib.sh"
begin "$1"
act append "$CANARY"
