#!/usr/bin/env python3
"""make.py BIN_DIR - makes the databases in this folder: those of pp, and damaged copies of them."""
import gzip
import os
import sqlite3
import subprocess
import sys
import tempfile

here = os.path.dirname(os.path.abspath(__file__))
convert = os.path.join(os.path.abspath(sys.argv[1]), 'pp-convert')
os.chdir(os.path.join(here, '..'))
work = tempfile.mkdtemp()


def pp(name, *files, options=()):
    """A database that pp writes, with small pages, so that it is small."""
    path = os.path.join(work, name)
    subprocess.run([convert, '-q', '-t', 'sqlite', '-o', path, *options, *files], check=True)
    return path


def pack(case, data):
    with open(os.path.join(here, case + '.in'), 'wb') as f:
        f.write(gzip.compress(data, mtime=0))


def small(path, case):
    """Copies a database to CASE.in."""
    out = os.path.join(here, case + '.in')
    if os.path.exists(out):
        os.remove(out)
    db = sqlite3.connect(path)
    db.execute('PRAGMA page_size = 512')
    db.execute("VACUUM INTO '%s'" % out)
    db.close()
    with open(out, 'rb') as f:
        pack(case, f.read())


def changed(case, *statements, of='tiny'):
    """A copy of a database in which something was changed."""
    path = os.path.join(work, case)
    with open(os.path.join(work, of), 'rb') as old, open(path, 'wb') as new:
        new.write(old.read())
    db = sqlite3.connect(path, isolation_level=None)
    db.execute('PRAGMA writable_schema = ON')
    for s in statements:
        db.execute(s)
    db.close()
    small(path, case)


def damaged(case, change):
    with gzip.open(os.path.join(here, 'tiny.in')) as f:
        pack(case, change(bytearray(f.read())))


pp('tiny', os.path.join(here, 'tiny.folded'))
small(os.path.join(work, 'tiny'), 'tiny')
small(pp('everything', 'pprof/everything.in'), 'everything')
small(pp('many', 'pprof/go-cpu.in', 'pprof/go-heap.in', os.path.join(here, 'tiny.folded'),
         options=['--append']), 'many')
small(pp('series', 'massif/grow.in'), 'series')
with open(os.path.join(work, 'bytes.folded'), 'wb') as f:
    f.write(b'main;\xff\xfe 1\nmain;nul\0inside 2\nmain;\xe2\x82\xac 3\n')
small(pp('bytes', os.path.join(work, 'bytes.folded'), options=['-f', 'folded']), 'bytes')

changed('edited', "DELETE FROM samples WHERE value = 3", "UPDATE strings SET text = 'renamed' WHERE text = 'b'",
        "DELETE FROM labels", "INSERT INTO strings VALUES (50, 'after a gap')",
        "CREATE TABLE notes (text)", "CREATE INDEX by_node ON samples (node_id)")
changed('largest', "UPDATE samples SET value = 9223372036854775807 WHERE id = 1",
        "UPDATE samples SET value = 0 WHERE id > 1", "UPDATE frames SET address = -1 WHERE id = 1")
changed('overflow', "UPDATE samples SET value = 9223372036854775807 WHERE id < 3")
changed('smallest', "UPDATE samples SET value = -9223372036854775808 WHERE id = 1")
changed('circle', "UPDATE nodes SET parent_id = 4 WHERE id = 1")
changed('own-parent', "UPDATE nodes SET parent_id = 2 WHERE id = 2")
changed('no-frame', "UPDATE nodes SET frame_id = 99 WHERE id = 2")
changed('no-function', "DELETE FROM functions WHERE id = 2")
changed('no-node', "UPDATE samples SET node_id = -3 WHERE id = 2")
changed('no-column', "UPDATE samples SET column_id = 7")
changed('no-profile', "UPDATE samples SET profile_id = 7 WHERE id = 3")
changed('no-module', "INSERT INTO profile_modules VALUES (1, 1, 3)")
changed('before-first', "UPDATE strings SET id = -5 WHERE id = 3")
changed('far-away', "UPDATE functions SET id = 4000000000 WHERE id = 3")
changed('far-profile', "UPDATE profiles SET part_of = 1")
changed('text-for-number', "UPDATE samples SET value = 'many' WHERE id = 2")
changed('real-for-number', "UPDATE samples SET value = 1.5 WHERE id = 2")
changed('number-for-text', "DROP TABLE strings", "CREATE TABLE strings (id INTEGER PRIMARY KEY, text)",
        "INSERT INTO strings VALUES (1, 12)")
changed('kind', "UPDATE frames SET kind = 9")
changed('side', "UPDATE columns SET side = 'left'")
changed('labels', "INSERT INTO labels VALUES (1, NULL, 1, 2, NULL, NULL)", "INSERT INTO labels VALUES (2, 2, 1, 2, NULL, NULL)")
changed('empty', "DELETE FROM profiles", "DELETE FROM samples", "DELETE FROM columns")
changed('no-table', "DROP TABLE samples")
changed('not-of-pp', "PRAGMA application_id = 0")
changed('newer', "PRAGMA user_version = 2")
changed('view', "DROP TABLE nodes",
        "CREATE VIEW nodes AS WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) "
        "SELECT id, NULL AS parent_id, 1 AS frame_id FROM n")
changed('virtual', "DROP TABLE strings", "CREATE VIRTUAL TABLE strings USING fts5(id, text)")
changed('generated', "DROP TABLE strings",
        "CREATE TABLE strings (id INTEGER PRIMARY KEY, text AS (hex(zeroblob(400000000))))",
        "INSERT INTO strings (id) VALUES (1)")
changed('without-rowid', "DROP TABLE nodes",
        "CREATE TABLE nodes (id INTEGER PRIMARY KEY, parent_id, frame_id) WITHOUT ROWID",
        "INSERT INTO nodes VALUES (1, NULL, 1)")
changed('trigger', "CREATE TRIGGER t AFTER INSERT ON samples BEGIN DELETE FROM strings; END")

damaged('cut', lambda d: d[:len(d) // 2])
damaged('header', lambda d: d[:60])
damaged('wal', lambda d: d[:18] + b'\2\2' + d[20:])
damaged('pages', lambda d: d[:1024] + bytes((b * 7 + i) % 256 for i, b in enumerate(d[1024:])))
