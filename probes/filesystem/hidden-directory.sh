#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: filesystem.hidden-directory
# title: Read a directory that the policy hides
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
# what: Looks for any name in /usr/share, which every identity may list, in a run whose policy
#   shows /usr and hides this directory.
# why: A directory has to be covered in another way than a file, and where a policy names two
#   exceptions, one is forgotten more easily than where it names a single one.
# remedy: Cover the directory with an empty one of root's, after everything around it was
#   mounted (`bwrap --ro-bind /usr /usr --tmpfs /usr/share ...`). Impact: programs that read it
#   find nothing.
. "${0%/*}/../lib.sh"
begin "$1"
set -- /usr/share/*
if [ -e "$1" ]; then
	say reached -
else
	say denied absent
fi
