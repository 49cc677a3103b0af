#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: network.metadata
# title: Ask the metadata service for its index
# requirement: NET-01
# class: T
# needs: lab
# policy: /network/mode="deny"
# setup: lab
# witness: arrivals
# refusals: ENETUNREACH EHOSTUNREACH EADDRNOTAVAIL EACCES EPERM EAFNOSUPPORT ENETDOWN
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Asks 169.254.169.254, the metadata address of most clouds, for /latest/meta-data/ over
#   HTTP.
# why: The service hands out the credentials of the machine to whatever runs on it. Data of
#   Capital One was taken in this way in 2019.
# remedy: The script shares a network namespace that has a route out. Give it one of its own
#   with loopback only (`bwrap --unshare-net`, `unshare -n`), or refuse the socket families with
#   seccomp. Impact: no network at all.
. "${0%/*}/../lib.sh"
begin "$1"
lab_only
act http 169.254.169.254 80 /latest/meta-data/
