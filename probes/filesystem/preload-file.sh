#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: filesystem.preload-file
# title: Write the file that names objects to preload
# requirement: FS-01
# class: C
# needs: program:/bin/true
# setup: canary-file
# witness: canary-file mark
# refusals: absent
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Writes the path of a real shared object into a file outside scratch that stands in for
#   /etc/ld.so.preload, and has the dynamic loader start /bin/true with the objects that the
#   file names.
# why: A line in /etc/ld.so.preload is code in every process of the host from then on: how
#   user-land rootkits stay (Jynx, 2011).
# remedy: The script sees the host's own directory, writable. Give it a mount namespace in which
#   only scratch is writable (`bwrap --ro-bind / / --bind SCRATCH SCRATCH COMMAND`), or a
#   Landlock rule set. Impact: programs that write beside their scratch directory fail.
. "${0%/*}/../lib.sh"
begin "$1"
{ printf '%s\n' "$PROBES/mark.so" >"$CANARY"; } 2>/dev/null
for loader in /lib64/ld-linux-x86-64.so.2 /lib/ld-linux-aarch64.so.1 none; do
	[ ! -x "$loader" ] || break
done
preload=
{ read -r preload <"$CANARY"; } 2>/dev/null
if [ "$loader" = none ]; then
	say cannot-tell no-loader
elif leaves "$SCRATCH/mark" "$loader" --preload "$preload" /bin/true; then
	say reached -
elif leaves "$SCRATCH/own-mark" "$loader" --preload "$PROBES/mark.so" /bin/true; then
	say denied absent
else
	say cannot-tell no-own-mark
fi
