#!/bin/sh
# as: root user
# SPDX-License-Identifier: Apache-2.0
# A true positive: bubblewrap 0.8 follows a link that an earlier run left in scratch when it makes the
# place for a mount below, and a directory appears on the host. With the same line and nothing mounted
# below scratch it is accused of nothing; a release that refuses is not accused either.
set -u
n() { if [ "$1" -eq 0 ]; then echo "ok - $2"; else echo "not ok - $2"; fi; }

if ! command -v bwrap >/dev/null || ! bwrap --unshare-all --ro-bind / / -- true 2>why; then
	echo "ok - the planted link # SKIP bwrap does not start here"
	exit 0
fi
line='bwrap --unshare-all --ro-bind / / --dev /dev --proc /proc --tmpfs /tmp --tmpfs /var/tmp --ro-bind {probes} {probes} --bind {scratch} {scratch}'
verdict() { # NAME WORD...
	name=$1
	shift
	"$CONFINE" check --target-command "$line $* -- {command}" --only filesystem.planted-link --json "$name.json" >"$name.out" 2>"$name.err"
	python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["probes"][0]["verdict"])' "$name.json"
}
was=$(verdict sound)
[ "$was" = enforced ]; n $? "nothing mounted below scratch: enforced (was $was)"
was=$(verdict planted --tmpfs '{scratch}/by-oldroot/inner')

# The same by hand, without the suite: does this release follow the link?
mkdir scratch outside
ln -s "/oldroot$PWD/outside" scratch/by-oldroot
bwrap --unshare-all --ro-bind / / --bind "$PWD/scratch" "$PWD/scratch" --tmpfs "$PWD/scratch/by-oldroot/inner" true 2>refusal
if [ -d outside/inner ]; then
	[ "$was" = breached ]; n $? "$(bwrap --version) follows the link, and is breached (was $was)"
	grep -q 'its directory' planted.json; n $? "seen from outside, in the directory of the file"
else
	[ "$was" != breached ]; n $? "$(bwrap --version) does not follow the link, and is not breached (was $was): $(head -n 1 refusal)"
fi
