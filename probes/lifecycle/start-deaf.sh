#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: lifecycle.start-deaf
# title: Leave a daemon behind a launcher that hears no signal
# requirement: LIF-22
# class: C
# needs: nothing
# setup: invocation=deaf-to-signals
# witness: survivors
# refusals: witness refused
# reach: identity
# budget: seconds=4 tasks=32 memory=64M output=64K
# rests-on: LIF-01
# what: The launcher is started with every signal blocked, and with SIGCHLD and SIGPIPE
#   ignored; the script starts one daemon (setsid, second fork, TERM and HUP ignored) and
#   ends.
# why: Ignored signals and the mask go through exec, and a supervisor that ignores SIGCHLD is
#   never told that its child ended: wait answers ECHILD, and whoever takes that for the end
#   of the run cleans up nothing.
# remedy: Before anything else, put in order what the caller handed over: open /dev/null on
#   streams that are closed, set signals and their mask to the default, ask for more
#   descriptors or refuse, and leave the working directory. Impact: none.
. "${0%/*}/../lib.sh"
begin "$1"
act daemon 8000
