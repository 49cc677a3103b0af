#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: lifecycle.start-variable-twice
# title: Be preloaded by a variable that is there twice
# requirement: LIF-22
# class: C
# needs: program:/bin/true
# setup: caller-env-set=LD_PRELOAD:{probes}/mark.so invocation=environment-twice
# witness: mark
# refusals: absent refused
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: ENV-01
# what: The launcher is started with LD_PRELOAD twice in its environment, both times naming a
#   real shared object whose constructor leaves a mark; the script starts /bin/true.
# why: An environment is a list, in which a name may stand twice or a line have no name at
#   all, and taking one out can go wrong. CVE-2009-4146 (FreeBSD, 2009): the loader did not
#   look whether unsetenv had taken LD_PRELOAD away, and any user was root.
# remedy: Build a new environment from the names that are wanted (`env -i`, `bwrap --clearenv`)
#   and take nothing away from the old one. Impact: programs that rely on other variables no
#   longer get them.
. "${0%/*}/../lib.sh"
begin "$1"
leave_mark LD_PRELOAD "$PROBES/mark.so" /bin/true
