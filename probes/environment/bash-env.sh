#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: environment.bash-env
# title: Have bash read a start-up file
# requirement: ENV-01
# class: C
# needs: program:/bin/bash
# setup: env=BASH_ENV:{probes}/mark.sh
# witness: mark
# refusals: absent
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: BASH_ENV, naming a file that leaves a mark, is given through the launcher's option for
#   variables; the script starts bash.
# why: Every bash that runs a script reads it first. No loader is needed, and no lists of LD_
#   names have it.
# remedy: The variable is handed on. Start with an empty environment and add what is needed by
#   name (`env -i`, `bwrap --clearenv`). Impact: programs that rely on the variable have to be
#   told otherwise.
. "${0%/*}/../lib.sh"
begin "$1"
leave_mark /bin/bash -c :
