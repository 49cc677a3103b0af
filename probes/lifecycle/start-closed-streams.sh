#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: lifecycle.start-closed-streams
# title: Find something of the launcher's on a closed stream
# requirement: LIF-22
# class: P
# needs: launcher
# setup: stream-dir invocation=closed-streams
# witness: nothing
# refusals: absent refused
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: FD-01 FD-11
# what: The launcher is started with descriptors 0, 1 and 2 closed. The script looks whether
#   one of them is now a directory, or an object of the kernel without a name, such as a
#   descriptor of a process. Outside, the harness puts the root directory there as a careless
#   launcher would.
# why: The next file that is opened gets the lowest free number: what a launcher opens for
#   itself then becomes the input or output of the script, or takes the errors of another
#   program. CVE-2002-0572 (FreeBSD and others, 2002): a set-user-ID program was started so,
#   and wrote its errors into a file of root's.
# remedy: Before anything else, put in order what the caller handed over: open /dev/null on
#   streams that are closed, set signals and their mask to the default, ask for more
#   descriptors or refuse, and leave the working directory. Impact: none.
. "${0%/*}/../lib.sh"
begin "$1"
printf ready >"$SCRATCH/ready"
"$ATTACK" await "$SCRATCH/looked" 1500
if "$ATTACK" streams-lead-out; then say reached -; else say denied absent; fi
