#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: environment.library-path
# title: Be given a library from another directory
# requirement: ENV-01
# class: C
# needs: nothing
# setup: env=LD_LIBRARY_PATH:{probes}
# witness: mark
# refusals: absent
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: LD_LIBRARY_PATH is given through the launcher's option for variables; the script starts
#   a program that needs a library found nowhere else, and the library leaves a mark.
# why: The first directory with a file of the right name wins: any library of any program can be
#   replaced.
# remedy: The launcher hands on what its own option names. Let that option take only names from
#   a list of harmless ones, or refuse those by which programs load code (LD_*, GCONV_PATH,
#   BASH_ENV, ENV). Impact: programs that rely on the variable no longer get it.
. "${0%/*}/../lib.sh"
begin "$1"
leave_mark LD_LIBRARY_PATH "$PROBES" "$PROBES/dynamic"
