/* schema.c - the tables of a database of profiles, and the views on them. docs/sql.md explains
 * them. */
#include <stddef.h>

#include "formats/sqlite/sqlite_private.h"

const char *const pp_sqlite_tables[] = {"strings", "modules",         "functions", "frames",
                                        "nodes",   "labels",          "profiles",  "comments",
                                        "columns", "profile_modules", "samples",   NULL};

/*
 * The first row of each table is 1; NULL stands for none, and for what is unknown. Rows refer to
 * earlier rows only, and those of a profile follow those of the one before it.
 */
#define TABLES \
    "CREATE TABLE strings (id INTEGER PRIMARY KEY, text TEXT NOT NULL);" \
    "CREATE TABLE modules (id INTEGER PRIMARY KEY, file TEXT, build_id TEXT, start_address " \
    "INTEGER, end_address INTEGER, file_offset INTEGER, flags INTEGER, copy INTEGER);" \
    "CREATE TABLE functions (id INTEGER PRIMARY KEY, name_id INTEGER, system_name_id INTEGER, " \
    "file_id INTEGER, start_line INTEGER);" \
    "CREATE TABLE frames (id INTEGER PRIMARY KEY, function_id INTEGER, module_id INTEGER, " \
    "address INTEGER, line INTEGER, column_number INTEGER, kind INTEGER, inlined INTEGER, " \
    "marked INTEGER, folded INTEGER, discriminator INTEGER);" \
    "CREATE TABLE nodes (id INTEGER PRIMARY KEY, parent_id INTEGER, frame_id INTEGER);" \
    "CREATE TABLE labels (id INTEGER PRIMARY KEY, next_id INTEGER, key_id INTEGER, text_id " \
    "INTEGER, number INTEGER, unit_id INTEGER);" \
    "CREATE TABLE profiles (id INTEGER PRIMARY KEY, part_of INTEGER, origin TEXT, time_ns " \
    "INTEGER, duration_ns INTEGER, period INTEGER, period_type TEXT, period_unit TEXT, " \
    "default_type TEXT, drop_frames TEXT, keep_frames TEXT, doc_url TEXT);" \
    "CREATE TABLE comments (id INTEGER PRIMARY KEY, profile_id INTEGER, text TEXT);" \
    "CREATE TABLE columns (id INTEGER PRIMARY KEY, profile_id INTEGER, type TEXT, unit TEXT, " \
    "side TEXT, decimals INTEGER, is_default INTEGER);" \
    "CREATE TABLE profile_modules (id INTEGER PRIMARY KEY, profile_id INTEGER, module_id " \
    "INTEGER);" \
    "CREATE TABLE samples (id INTEGER PRIMARY KEY, profile_id INTEGER, column_id INTEGER, " \
    "value INTEGER, node_id INTEGER, labels_id INTEGER, time_ns INTEGER, copy INTEGER);"

/* What follows the last slash of m.file. */
#define BASE_NAME "replace(m.file, rtrim(m.file, replace(m.file, '/', '')), '')"

/* Frames as they are displayed. */
#define FRAME_NAMES \
    "CREATE VIEW frame_names AS SELECT f.id AS frame_id, " \
    "coalesce(name.text, system_name.text, '[' || " BASE_NAME \
    " || ']', '[unknown]') AS function, " \
    "system_name.text AS system_name, file.text AS file, f.line, m.file AS module, f.address, " \
    "f.inlined, f.kind FROM frames f " \
    "LEFT JOIN functions fn ON fn.id = f.function_id " \
    "LEFT JOIN strings name ON name.id = fn.name_id " \
    "LEFT JOIN strings system_name ON system_name.id = fn.system_name_id " \
    "LEFT JOIN strings file ON file.id = fn.file_id " \
    "LEFT JOIN modules m ON m.id = f.module_id;"

/* Each label of each set; samples.labels_id is a set. */
#define LABEL_TEXTS \
    "CREATE VIEW label_texts AS WITH RECURSIVE chain (labels_id, label_id) AS (" \
    "SELECT id, id FROM labels UNION ALL SELECT labels_id, l.next_id FROM chain " \
    "JOIN labels l ON l.id = label_id WHERE l.next_id IS NOT NULL) " \
    "SELECT labels_id, key.text AS key, coalesce(text.text, l.number) AS label, " \
    "unit.text AS label_unit FROM chain JOIN labels l ON l.id = label_id " \
    "JOIN strings key ON key.id = l.key_id LEFT JOIN strings text ON text.id = l.text_id " \
    "LEFT JOIN strings unit ON unit.id = l.unit_id;"

/* Samples with the same stack are one row. */
#define OWN \
    "own AS MATERIALIZED (SELECT profile_id, column_id, node_id, sum(value) AS value " \
    "FROM samples WHERE node_id IS NOT NULL GROUP BY profile_id, column_id, node_id)"

/* A function counts once in each stack, however often it is there. */
#define TOP \
    "CREATE VIEW top AS WITH RECURSIVE " OWN ", " \
    "up (node_id, at_id) AS (SELECT DISTINCT node_id, node_id FROM own UNION ALL " \
    "SELECT up.node_id, n.parent_id FROM up JOIN nodes n ON n.id = up.at_id " \
    "WHERE n.parent_id IS NOT NULL), " \
    "on_stack AS MATERIALIZED (SELECT up.node_id, f.function, max(up.at_id = up.node_id) AS leaf " \
    "FROM up JOIN nodes n ON n.id = up.at_id JOIN frame_names f ON f.frame_id = n.frame_id " \
    "GROUP BY up.node_id, f.function) " \
    "SELECT o.profile_id, c.type, c.unit, c.is_default, s.function, " \
    "sum(CASE WHEN s.leaf THEN o.value ELSE 0 END) AS self, sum(o.value) AS total " \
    "FROM own o JOIN on_stack s ON s.node_id = o.node_id JOIN columns c ON c.id = o.column_id " \
    "GROUP BY o.profile_id, o.column_id, s.function;"

/* Folded stacks, as pp-convert -t folded --no-comm prints them. */
#define STACKS \
    "CREATE VIEW stacks AS WITH RECURSIVE " OWN ", " \
    "names AS MATERIALIZED (SELECT frame_id, " \
    "replace(replace(function, ';', ':'), char(10), ' ') AS function FROM frame_names), " \
    "up (node_id, parent_id, stack) AS (" \
    "SELECT n.id, n.parent_id, f.function FROM (SELECT DISTINCT node_id FROM own) o " \
    "JOIN nodes n ON n.id = o.node_id JOIN names f ON f.frame_id = n.frame_id UNION ALL " \
    "SELECT up.node_id, n.parent_id, f.function || ';' || up.stack FROM up " \
    "JOIN nodes n ON n.id = up.parent_id JOIN names f ON f.frame_id = n.frame_id) " \
    "SELECT o.profile_id, c.type, c.unit, c.is_default, up.stack, sum(o.value) AS value " \
    "FROM up JOIN own o ON o.node_id = up.node_id JOIN columns c ON c.id = o.column_id " \
    "WHERE up.parent_id IS NULL GROUP BY o.profile_id, o.column_id, up.stack;"

#define BY_LABEL \
    "CREATE VIEW by_label AS SELECT s.profile_id, c.type, c.unit, c.is_default, t.key, t.label, " \
    "t.label_unit, sum(s.value) AS value FROM samples s JOIN columns c ON c.id = s.column_id " \
    "JOIN label_texts t ON t.labels_id = s.labels_id " \
    "GROUP BY s.profile_id, s.column_id, t.key, t.label, t.label_unit;"

const char *const pp_sqlite_schema[] = {TABLES, FRAME_NAMES, LABEL_TEXTS, TOP,
                                        STACKS, BY_LABEL,    NULL};
