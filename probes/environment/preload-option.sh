#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: environment.preload-option
# title: Be preloaded through the launcher's own option
# requirement: ENV-01
# class: C
# needs: program:/bin/true
# setup: env=LD_PRELOAD:{probes}/mark.so
# witness: mark
# refusals: absent
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: LD_PRELOAD, naming a real shared object whose constructor leaves a mark, is given
#   through the launcher's option for variables; the script starts /bin/true.
# why: What the variable names runs inside every dynamic program from its first instruction on,
#   in the launcher's helpers too when it reaches them.
# remedy: The launcher hands on what its own option names. Let that option take only names from
#   a list of harmless ones, or refuse those by which programs load code (LD_*, GCONV_PATH,
#   BASH_ENV, ENV). Impact: programs that rely on the variable no longer get it.
. "${0%/*}/../lib.sh"
begin "$1"
leave_mark LD_PRELOAD "$PROBES/mark.so" /bin/true
