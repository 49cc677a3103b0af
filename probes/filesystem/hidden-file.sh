#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: filesystem.hidden-file
# title: Read a file that the policy hides
# requirement: FS-03
# class: P
# needs: receipt
# policy: /filesystem/hide=["/etc/passwd","/usr/share"]
# setup: nothing
# witness: nothing
# refusals: absent
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: FS-11
# what: Reads the first line of /etc/passwd, which every identity may read, in a run whose
#   policy shows /etc and hides this file. An empty file in its place may be opened: the breach
#   is a line that can be read. The line is kept nowhere.
# why: A tree is shown for the sake of most of it, and the exception in it is what somebody took
#   the trouble to name: here, the names and homes of all users.
# remedy: Cover the file with an empty one of root's, after everything around it was mounted
#   (`bwrap --ro-bind /etc /etc --ro-bind /dev/null /etc/passwd ...`). Impact: programs that
#   read it find nothing.
. "${0%/*}/../lib.sh"
begin "$1"
if read -r _ 2>/dev/null </etc/passwd; then
	say reached -
else
	say denied absent
fi
