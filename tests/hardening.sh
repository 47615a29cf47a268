#!/bin/sh
# hardening.sh BIN_DIR - the tools are built with the flags that make faults harder to exploit.
set -eu
failed=0

demand() { # demand WHAT TOOL COMMAND... - the command must find it in what readelf says
    what=$1 tool=$2
    shift 2
    "$@" > /dev/null || { echo "$tool: not true: $what" && failed=1; }
}

tools=0
for tool in "$1"/pp-*; do
    [ -f "$tool" ] && [ -x "$tool" ] || continue
    tools=$((tools + 1))
    elf=$(LC_ALL=C readelf -W --file-header --program-headers --dynamic --dyn-syms "$tool")
    has() { echo "$elf" | grep -qE -- "$1"; }
    hasnt() { ! has "$1"; }
    demand 'it can be loaded anywhere (PIE)' "$tool" has 'Type: +DYN'
    demand 'code is loaded as it is, not patched' "$tool" hasnt 'TEXTREL'
    demand 'tables of the linker become read-only' "$tool" has 'GNU_RELRO'
    demand 'all of them do, at the start' "$tool" has 'BIND_NOW|FLAGS_1.*NOW'
    demand 'the stack is not executable' "$tool" has 'GNU_STACK .* RW +0x'
    demand 'nothing is writable and executable' "$tool" hasnt 'LOAD .* RWE'
    demand 'overflows of the stack are noticed' "$tool" has '__stack_chk_fail'
    demand 'overflows of known buffers are noticed' "$tool" has '__(memcpy|vsnprintf|snprintf)_chk'
done
[ $tools -ge 6 ] || { echo "there are only $tools tools" && failed=1; }
exit $failed
