#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: environment.gconv-path
# title: Load a character set converter from another directory
# requirement: ENV-01
# class: C
# needs: program:/usr/bin/iconv
# setup: env=GCONV_PATH:{probes}
# witness: mark
# refusals: absent
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: GCONV_PATH, naming a directory with a converter that leaves a mark, is given through the
#   launcher's option for variables; the script has iconv convert from a character set that only
#   this converter knows.
# why: The C library loads converters as code. CVE-2021-4034 (pkexec) was exploited through this
#   very variable.
# remedy: The launcher hands on what its own option names. Let that option take only names from
#   a list of harmless ones, or refuse those by which programs load code (LD_*, GCONV_PATH,
#   BASH_ENV, ENV). Impact: programs that rely on the variable no longer get it.
. "${0%/*}/../lib.sh"
begin "$1"
leave_mark GCONV_PATH "$PROBES" /usr/bin/iconv -f X-CONFINE-PROBE -t UTF-8 /dev/null
