#!/usr/bin/env python3
"""make.py - writes the inputs of bytehound, after common/src/event.rs of bytehound, which was not run."""
import struct

u8 = lambda v: struct.pack('<B', v)
u32 = lambda v: struct.pack('<I', v)
u64 = lambda v: struct.pack('<Q', v)
text = lambda s: u32(len(s)) + s
words = lambda l: u32(len(l)) + b''.join(map(u64, l))
NONE = 0xFFFFFFFF

def header():
    return u32(0) + u64(1) * 2 + u64(5) * 2 + u64(1700000000) + u64(0) + u32(7) + text(b'./a\0') + text(b'./a') + text(b'x86_64') + u64(1) + u8(8)
def body(ptr, size, stack):
    return u64(ptr) + u64(size) + u64(stack) + u32(7) + u32(1) + u32(8) + u64(0)
def alloc_ex(ident, ptr, size, stack):
    return u32(20) + u64(ident[0]) + u64(ident[1]) + u64(6) + body(ptr, size, stack)
def realloc_ex(ident, old, ptr, size, stack):
    return u32(21) + u64(ident[0]) + u64(ident[1]) + u64(7) + u64(old) + body(ptr, size, stack)
def free_ex(ident, ptr):
    return u32(22) + u64(ident[0]) + u64(ident[1]) + u64(8) + u64(ptr) + u64(0) + u32(7)
def string(n, s):
    return u32(14) + u32(n) + text(s)
def frame(address, fn, src=NONE, line=NONE, inline=0, lib=NONE):
    return u32(15) + u64(address) + u32(lib) + u32(NONE) + u32(fn) + u32(src) + u32(line) + u32(NONE) + u8(inline)
def decoded(*frames):
    return u32(16) + u32(len(frames)) + b''.join(map(u32, frames))
def stored(data):
    return u8(2) + u32(len(data)) + data
def packed(data, tail=b''):
    """A block of literals; `tail` is what follows them, such as a match."""
    n = len(data)
    extra = b''
    if n >= 15:
        rest = n - 15
        extra = b'\xff' * (rest // 255) + u8(rest % 255)
    block = u8(min(n, 15) << 4 | (tail[0] if tail else 0)) + extra + data + tail[1:]
    return u8(1) + u32(len(block)) + block

names = string(1, b'main') + string(2, b'leaf') + string(3, b'a.c') + string(4, b'/bin/a') + string(9, b'inner') + \
    frame(0x1010, 1, 3, 10, lib=4) + frame(0x2020, 2, 3, 20, lib=4) + frame(0x2020, 9, 3, 30, 1, lib=4) + \
    decoded(1, 0) + decoded(2, 1, 0)
events = alloc_ex((1, 1), 0x70, 100, 0) + alloc_ex((1, 2), 0x80, 50, 1) + realloc_ex((1, 1), 0x70, 0x90, 300, 0) + \
    free_ex((1, 2), 0x80) + alloc_ex((0, 0), 0xa0, 8, 1) + free_ex((2 ** 64 - 1, 2 ** 64 - 1), 0xa0) + alloc_ex((0, 0), 0xb0, 4, 7)
group = u32(17) + u64(1) + u64(6) + u64(8) + u64(5) + u64(40) + u64(8) + u64(8)
open('named.in', 'wb').write(packed(header() + names[:70]) + stored(names[70:]) + packed(events[:33]) + packed(events[33:] + group))

maps = b'55550000-55560000 r-xp 00001000 08:01 12 /bin/a\n7f000000-7f010000 r-xp 00000000 08:01 13 /lib/b.so\n'
raw = u32(23) + u64(6) + text(b'/proc/self/maps') + u64(len(maps)) + maps + u32(5) + u64(70) + words([0x7f000011, 0x55550101]) + \
    u32(13) + u64(71) + u32(7) + u32(NONE) + words([0x7f000021, 0x55550201, 0x55550101]) + \
    u32(18) + u64(72) + u32(7) + u32(1) + u32(1) + u32(0x7f000031) + \
    u32(19) + u64(73) + u32(1) + u32(0x12345) + \
    u32(1) + u64(9) + body(0x10, 16, 70) + u32(1) + u64(9) + body(0x20, 32, 71) + u32(1) + u64(9) + body(0x30, 64, 72) + \
    u32(2) + u64(9) + u64(0x10) + body(0x40, 128, 73) + u32(3) + u64(9) + u64(0x20) + u64(0) + u32(7) + u32(11) + text(b'A=b')
# 24: a region of the map 300, which is a number of two bytes: 0x81, 0x2c
raw += u32(24) + u64(9) + b'\x81\x2c' + u64(0x1000) + b'\x05' * 3 + u32(8) + u32(1) + u32(5) + b'\x03/x '
open('raw.in', 'wb').write(packed(header() + raw))

open('cut.in', 'wb').write((packed(header() + names) + stored(events))[:-20])
open('unknown.in', 'wb').write(packed(header() + names + decoded(99) + alloc_ex((1, 1), 0x70, 100, 2)) + stored(u32(99)) + stored(events))
open('kind.in', 'wb').write(packed(header()) + u8(9) + u32(4) + b'abcd' + stored(events))
open('far-back.in', 'wb').write(packed(header() + names + events) + packed(b'abc', b'\x04\xff\xff'))
