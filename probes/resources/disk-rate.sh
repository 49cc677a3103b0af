#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: resources.disk-rate
# title: Run without a limit on reading and writing the disk
# requirement: RES-21
# class: P
# needs: nothing
# setup: nothing
# witness: io-limit
# refusals: witness
# reach: caller
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: The script waits while the harness looks, in its cgroups and in all above them, for a
#   number that limits reading and one that limits writing (io.max; blkio.throttle in version
#   1). Nothing is read or written.
# why: One run that reads without end takes the disk from every other on the machine. No
#   rlimit and no namespace bounds that: the kernel has such numbers in cgroups alone.
# remedy: `systemd-run --scope -p 'IOReadBandwidthMax=/dev/sda 10M' -p
#   'IOWriteBandwidthMax=/dev/sda 10M' LAUNCHER`, or io.max of the run's cgroup. Impact: slower
#   builds; each disk has to be named.
. "${0%/*}/../lib.sh"
begin "$1"
printf ready >"$SCRATCH/ready"
"$ATTACK" await "$SCRATCH/looked" 1500
say reached -
