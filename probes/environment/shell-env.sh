#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: environment.shell-env
# title: Have an interactive shell read a start-up file
# requirement: ENV-01
# class: C
# needs: nothing
# setup: caller-env-set=ENV:{probes}/mark.sh
# witness: mark
# refusals: absent
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: ENV, naming a file that leaves a mark, is in the caller's environment; the script starts
#   an interactive sh.
# why: POSIX has every interactive shell read the file that ENV names, and run what is in it,
#   before the first prompt: whoever sets the variable runs code as whoever starts the shell.
# remedy: The variable is handed on. Start the script with an empty environment and add what is
#   needed by name (`env -i`, `bwrap --clearenv`). Impact: programs that rely on the variable no
#   longer get it.
. "${0%/*}/../lib.sh"
begin "$1"
leave_mark ENV "$PROBES/mark.sh" /bin/sh -i -c :
