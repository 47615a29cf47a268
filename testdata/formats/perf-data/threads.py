#!/usr/bin/env python3
"""threads.py IN DIRECTORY - splits a recording of perf as `perf record --threads` would have written it: samples in the
files data.0 and data.1, in turn, and everything else in the file data, with the feature that says so (24)."""
import os
import struct
import sys

DIR_FORMAT, SAMPLE, FINISHED_ROUND = 24, 9, 68
data = open(sys.argv[1], 'rb').read()
at, size = struct.unpack_from('<QQ', data, 40)
records, parts, turn = b'', [b'', b''], 0
end = at + size
while at < end:
    kind, misc, length = struct.unpack_from('<IHH', data, at)
    if kind == SAMPLE:
        parts[turn % 2] += data[at:at + length]
        turn += 1
    elif kind != FINISHED_ROUND:
        records += data[at:at + length]
    at += length
begins, bits = struct.unpack_from('<Q', data, 40)[0], struct.unpack_from('<Q', data, 72)[0]
sections, place = [], end
for bit in range(64):
    if bits >> bit & 1:
        where, length = struct.unpack_from('<QQ', data, place)
        sections.append((bit, data[where:where + length]))
        place += 16
sections = sorted(sections + [(DIR_FORMAT, struct.pack('<Q', 1))])
header = bytearray(data[:begins])
struct.pack_into('<Q', header, 48, len(records))
struct.pack_into('<Q', header, 72, bits | 1 << DIR_FORMAT)
table, contents = b'', b''
for bit, content in sections:
    where = begins + len(records) + 16 * len(sections) + len(contents)
    table += struct.pack('<QQ', where, len(content))
    contents += content
os.makedirs(sys.argv[2])
for name, content in (('data', bytes(header) + records + table + contents), ('data.0', parts[0]), ('data.1', parts[1])):
    with open(os.path.join(sys.argv[2], name), 'wb') as out:
        out.write(content)
