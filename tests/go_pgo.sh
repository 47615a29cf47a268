#!/bin/bash
# go_pgo.sh BIN_DIR SOURCE_DIR - what go build -pgo makes of a recording by perf that pp has turned into
# a pprof. Skipped (77) without Go 1.21 or later, or the permission to record with perf.
. "${0%/*}/checks.sh"

version=$(go env GOVERSION 2> /dev/null | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
[ "${version:-0}" -ge 21 ] || { echo 'no Go 1.21 or later'; exit 77; }
export GOTOOLCHAIN=local GOPROXY=off GOFLAGS=-mod=mod GOCACHE=$work/cache
mkdir parcels && cp "$source/tests/pgo/parcels.go" parcels/main.go && cd parcels || exit 1
printf 'module parcels\ngo 1.21\n' > go.mod
go build -pgo=off -o plain . || { echo 'go cannot build here'; exit 77; }
perf record -q -e cpu-clock -F 2000 -g -o perf.data -- ./plain 30000 > log 2>&1 &&
    perf script -i perf.data --show-mmap-events > perf.txt 2>> log ||
    { echo 'perf cannot record here'; cat log; exit 77; }

pp-symbolize --again -o /dev/null perf.txt 2>&1 | grep 'built without' && exit 77

ok 'a recording becomes a pprof' pp-symbolize -q --again --blocklist='^(?!.*/plain$)' -o default.pgo perf.txt
ok '... without a warning that Go would refuse it' sh_ '! pp-symbolize --again -o default.pgo perf.txt 2>&1 |
    grep "no function says in which line it starts"'
go tool pprof -raw default.pgo > raw 2> log
ok '... with the lines that functions start in' sh_ 'grep -q "main.main /.*main.go:[0-9]* s=33" raw'
ok '... those that are inlined too' sh_ 'grep -q "main.total /.*main.go:[0-9]* s=25" raw'
ok 'merged, it is as good' pp-merge -q -o default.pgo default.pgo
ok 'go build takes it' sh_ 'go build -pgo=default.pgo -gcflags=parcels=-m=2 -o fast . > said 2>&1'
ok '... and calls directly what is called most' \
    grep -qF 'PGO devirtualizing interface call it.price to (*letter).price' said
ok '... in a program that does the same' sh_ '[ "$(./fast 10)" = "$(./plain 10)" ]'
all_passed
