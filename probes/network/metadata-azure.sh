#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: network.metadata-azure
# title: Connect to the WireServer of Azure
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
# what: Connects to 168.63.129.16 port 80, the WireServer of Azure.
# why: A public address outside every private and link-local block, reachable from each Azure
#   machine; it serves certificates and the settings of extensions.
# remedy: The script shares a network namespace that has a route out. Give it one of its own
#   with loopback only (`bwrap --unshare-net`, `unshare -n`), or refuse the socket families with
#   seccomp. Impact: no network at all.
. "${0%/*}/../lib.sh"
begin "$1"
lab_only
act tcp 168.63.129.16 80
