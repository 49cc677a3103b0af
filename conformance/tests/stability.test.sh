#!/bin/sh
# as: root user
# alone: it burns every processor to see whether that changes a verdict
# Not one verdict changes from run to run, with the machine idle or with every processor busy, and a
# run that is killed half-way leaves nothing that the next does not clean up. CI runs one of each;
# `make soak` 100 idle and 20 busy. The figures are in the lines.
set -u
: "${CONFINE:?}" "${SRC:?}"
python3 "$SRC/conformance/tests/stability.py" "$CONFINE" "${CONFINE_SOAK:+soak}"
