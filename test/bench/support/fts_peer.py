"""SQLite FTS5 as a translation memory: UNITS.jsonl QUERIES.json DATABASE, prints one JSON line."""

import json
import re
import sqlite3
import sys
import time

units, queries, database = sys.argv[1:]
connection = sqlite3.connect(database)
connection.execute("create virtual table units using fts5(source, target unindexed)")
started = time.perf_counter()
with open(units, encoding="utf-8") as lines:
    next(lines)
    rows = ((row["source"], row["target"]) for row in map(json.loads, lines))
    connection.executemany("insert into units values (?, ?)", rows)
connection.commit()
rate = connection.execute("select count(*) from units").fetchone()[0] / (time.perf_counter() - started)
times = []
with open(queries, encoding="utf-8") as file:
    asked = json.load(file)
for text in asked:
    words = sorted(set(re.findall(r"\w+", text)))
    question = " OR ".join(f'"{word}"' for word in words)
    begun = time.perf_counter()
    connection.execute(
        "select source, target from units where units match ? order by rank limit 50", (question,)
    ).fetchall()
    times.append((time.perf_counter() - begun) * 1000)
print(json.dumps({"version": sqlite3.sqlite_version, "rate": rate, "times": times}))
