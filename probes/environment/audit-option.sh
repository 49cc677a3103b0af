#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: environment.audit-option
# title: Be loaded into a program through LD_AUDIT given as an option
# requirement: ENV-01
# class: C
# needs: program:/bin/true
# setup: env=LD_AUDIT:{probes}/audit.so
# witness: mark
# refusals: absent
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: LD_AUDIT, naming a shared object that leaves a mark, is given through the launcher's
#   option for variables; the script starts /bin/true.
# why: The dynamic loader runs what LD_AUDIT names before the program's own first instruction;
#   lists of forbidden variables that have LD_PRELOAD often lack it. CVE-2010-3856: glibc let
#   it load arbitrary objects into set-user-ID programs.
# remedy: The launcher hands on what its own option names. Let that option take only names from
#   a list of harmless ones, or refuse those by which programs load code (LD_*, GCONV_PATH,
#   BASH_ENV, ENV). Impact: programs that rely on the variable no longer get it.
. "${0%/*}/../lib.sh"
begin "$1"
leave_mark LD_AUDIT "$PROBES/audit.so" /bin/true
