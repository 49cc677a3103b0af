#!/bin/sh
# as: user
# SPDX-License-Identifier: Apache-2.0
# Weakened command lines of bubblewrap (fixtures/weak/), each with one or two words changed against a
# sound one: each must turn exactly the requirements that the change gives up, and leave every other
# verdict as it was. Started by nobody in particular: as root the base itself is breached in more.
#
# CI runs a seeded sample against the requirements of the sample; `make soak` runs all of them
# against the whole suite.
set -u
if ! command -v bwrap >/dev/null; then
	echo "ok - weakened bubblewrap # SKIP bwrap is not installed"
	exit 0
fi
if ! bwrap --unshare-user --disable-userns --size 4096 --tmpfs /tmp --ro-bind / / --proc /proc -- true 2>why; then
	echo "ok - weakened bubblewrap # SKIP bwrap does not start here: $(head -n 1 why)"
	exit 0
fi
exec python3 "$SRC/conformance/tests/weak.py"
