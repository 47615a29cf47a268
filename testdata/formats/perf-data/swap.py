#!/usr/bin/env python3
"""swap.py IN OUT - a recording of perf in the other byte order: for tests, which have no such machine.

Knows the records that a recording without stack dumps has, and the features that pp reads; others
are left out. What a field is, perf_event_open(2) says.
"""
import struct
import sys

data = bytearray(open(sys.argv[1], "rb").read())


def u(fmt, at):
    return struct.unpack_from("<" + fmt, data, at)


def turn(fmt, at):
    """Turns the fields of `fmt` at `at` round; gives what they were and where they end."""
    values = u(fmt, at)
    struct.pack_into(">" + fmt, data, at, *values)
    return values, at + struct.calcsize("<" + fmt)


def mirrored(bits):
    return int(format(bits, "064b")[::-1], 2)


def turn_attr(at):
    flags, sample_type = u("Q", at + 40)[0], u("Q", at + 24)[0]
    size = u("I", at + 4)[0]
    turn("II4Q", at)
    struct.pack_into(">Q", data, at + 40, mirrored(flags))
    turn("IIQQQQIiQIHH", at + 48)
    for extra in range(at + 112, at + size, 8):
        turn("Q", extra)
    return sample_type


def turn_text(at):
    (n,), at = turn("I", at)
    return at + n


def turn_tail(sample_type, end):
    at = end - 8 * sum(sample_type >> bit & 1 for bit in (1, 2, 6, 9, 7, 16))
    for bit, fmt in ((1, "II"), (2, "Q"), (6, "Q"), (9, "Q"), (7, "II"), (16, "Q")):
        if sample_type >> bit & 1:
            _, at = turn(fmt, at)


def turn_sample(sample_type, at):
    for bit, fmt in ((16, "Q"), (0, "Q"), (1, "II"), (2, "Q"), (3, "Q"), (6, "Q"), (9, "Q"), (7, "II"), (8, "Q")):
        if sample_type >> bit & 1:
            _, at = turn(fmt, at)
    if sample_type >> 5 & 1:
        (n,), at = turn("Q", at)
        for _ in range(n):
            _, at = turn("Q", at)


def turn_record(at, sample_type):
    (kind, misc, size), body = turn("IHH", at)
    end = at + size
    if kind == 9:
        turn_sample(sample_type, body)
    elif kind in (1, 10):
        _, body = turn("IIQQQ", body)
        if kind == 10 and misc >> 14 & 1:
            turn("II", body + 24)
        elif kind == 10:
            turn("IIQQII", body)
    elif kind == 3:
        turn("II", body)
    elif kind in (4, 7):
        turn("IIIIQ", body)
    else:
        for word in range(body, end, 8):
            turn("Q", word)
    if kind < 64 and kind != 9:
        turn_tail(sample_type, end)
    return end


data[0:8] = data[7::-1]
(_, attr_size, attrs, attrs_size, start, size, _, _, *features), _ = turn("QQQQQQQQ4Q", 8)
for at in range(attrs, attrs + attrs_size, attr_size):
    sample_type = turn_attr(at)
    (ids, ids_size), _ = turn("QQ", at + attr_size - 16)
    for at_id in range(ids, ids + ids_size, 8):
        turn("Q", at_id)
at = start
while at < start + size:
    at = turn_record(at, sample_type)
for bit in range(256):
    if not features[bit // 64] >> bit % 64 & 1:
        continue
    (offset, length), at = turn("QQ", at)
    if bit == 2:
        entry = offset
        while entry < offset + length:
            (_, _, entry_size), _ = turn("IHH", entry)
            turn("i", entry + 8)
            entry += entry_size
    elif bit in (3, 4, 5, 6):
        turn_text(offset)
    elif bit == 11:
        (n,), text = turn("I", offset)
        for _ in range(n):
            text = turn_text(text)
    elif bit == 12:
        (n, size_of_attr), place = turn("II", offset)
        for _ in range(n):
            turn_attr(place)
            (nids,), place = turn("I", place + size_of_attr)
            place = turn_text(place)
            for _ in range(nids):
                _, place = turn("Q", place)
open(sys.argv[2], "wb").write(data)
