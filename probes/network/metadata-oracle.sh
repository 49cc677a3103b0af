#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: network.metadata-oracle
# title: Connect to the metadata service of Oracle Cloud Classic
# requirement: NET-13
# class: T
# needs: lab
# policy: /network/mode="deny"
# setup: lab
# witness: arrivals
# refusals: ENETUNREACH EHOSTUNREACH EADDRNOTAVAIL EACCES EPERM EAFNOSUPPORT ENETDOWN
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: NET-01
# what: Connects to 192.0.0.192 port 80, the metadata service of Oracle Cloud Classic.
# why: The service hands out what the machine was set up with, and it lies in 192.0.0.0/24,
#   which lists of private networks leave out.
# remedy: The script shares a network namespace that has a route out. Give it one of its own
#   with loopback only (`bwrap --unshare-net`, `unshare -n`), or refuse the socket families with
#   seccomp. Impact: no network at all.
. "${0%/*}/../lib.sh"
begin "$1"
lab_only
act tcp 192.0.0.192 80
