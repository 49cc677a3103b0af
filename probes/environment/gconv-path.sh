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
# what: GCONV_PATH is given through the launcher's option for variables; iconv is asked for a
#   character set that only the object there knows, and loads it.
# why: The C library loads converters as code. CVE-2021-4034 (pkexec) was exploited through this
#   very variable.
# remedy: The variable is handed on. Start with an empty environment and add what is needed by
#   name (`env -i`, `bwrap --clearenv`). Impact: programs that rely on the variable have to be
#   told otherwise.
. "${0%/*}/../lib.sh"
begin "$1"
leave_mark /usr/bin/iconv -f X-CONFINE-PROBE -t UTF-8 /dev/null
