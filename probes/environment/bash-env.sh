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
# why: Every bash that runs a script reads that file first. No loader is needed, and a list of
#   names that begin with LD_ does not have it.
# remedy: The launcher hands on what its own option names. Let that option take only names from
#   a list of harmless ones, or refuse those by which programs load code (LD_*, GCONV_PATH,
#   BASH_ENV, ENV). Impact: programs that rely on the variable no longer get it.
. "${0%/*}/../lib.sh"
begin "$1"
leave_mark BASH_ENV "$PROBES/mark.sh" /bin/bash -c :
