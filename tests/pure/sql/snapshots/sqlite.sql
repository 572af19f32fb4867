-- add
SELECT one + age FROM t
-- aggregate
SELECT decimal_sum(price) FROM t
-- and
SELECT one FROM t WHERE one = ?1 AND age = ?2
-- between
SELECT one FROM t WHERE age BETWEEN ?1 AND ?2
-- call
SELECT ferrow_lower(name) FROM t
-- case
SELECT CASE WHEN age > ?1 THEN CAST(?2 AS INTEGER) ELSE ?3 END FROM t
-- cast
SELECT one FROM t WHERE CAST(age AS REAL) > ?1
-- compare
SELECT one FROM t WHERE age > ?1
-- compound
SELECT t.one FROM t WHERE t.age > ?1 UNION SELECT posts.author FROM posts
-- concat
SELECT name || name FROM t
-- constant
DELETE FROM t WHERE TRUE
-- cte
WITH old AS (SELECT t.one FROM t WHERE t.age > ?1) SELECT t.one FROM t JOIN old ON TRUE
-- date part
SELECT CAST(strftime('%Y', substr(seen, 1, 19)) AS INTEGER) FROM t
-- delete
DELETE FROM t RETURNING one
-- distinct from
SELECT one FROM t WHERE age IS DISTINCT FROM ?1
-- divide
SELECT weight / ?1 FROM t
-- exists
SELECT t.one FROM t WHERE EXISTS (SELECT posts.author FROM posts)
-- explain
EXPLAIN QUERY PLAN SELECT one FROM t WHERE age > ?1
-- extreme
SELECT max(coalesce(one, age), coalesce(age, one)) FROM t
-- frame
SELECT sum(one) OVER (ROWS BETWEEN ?1 PRECEDING AND CURRENT ROW) FROM t
-- in list
SELECT one FROM t WHERE one IN (SELECT value FROM json_each(?1))
-- in query
SELECT t.one FROM t WHERE t.one IN (SELECT posts.author FROM posts)
-- insert
INSERT INTO t (one) VALUES (?1) RETURNING one
-- is not true
SELECT one FROM t WHERE (age = ?1) IS NOT TRUE
-- is null
SELECT one FROM t WHERE age IS NULL
-- is truth
SELECT one FROM t WHERE active IS TRUE
-- join
SELECT t.one FROM t JOIN posts ON posts.author = t.one
-- json as
SELECT one FROM t WHERE ferrow_json_number(ferrow_json_at(meta, ?1)) COLLATE decimal < ?2
-- json contains
SELECT one FROM t WHERE ferrow_json_contains(ferrow_json_at(meta), ?1)
-- json has
SELECT one FROM t WHERE ferrow_json_has(meta, ?1)
-- json holds
SELECT one FROM t WHERE CASE ferrow_json_type(ferrow_json_at(meta, ?1)) WHEN 'string' THEN ferrow_like(ferrow_json_text(ferrow_json_at(meta, ?1)), ?2) ELSE ferrow_json_contains(ferrow_json_at(meta, ?1), ?3) END
-- json null
SELECT one FROM t WHERE ferrow_json_contains(ferrow_json_at(meta), 'null')
-- json number
SELECT one FROM t WHERE ferrow_json(ferrow_json_at(meta, ?1)) = ferrow_json(?2)
-- json order
SELECT one FROM t ORDER BY ferrow_json_order(ferrow_json_at(meta, ?1))
-- json path
SELECT one FROM t WHERE ferrow_json(ferrow_json_at(meta, ?1, ?2)) = ferrow_json(?3)
-- label reference
SELECT t.age + ?1 AS next FROM t ORDER BY next
-- label
SELECT t.age + ?1 AS next FROM t
-- like
SELECT one FROM t WHERE ferrow_like(name, ?1)
-- lock
SELECT one FROM t
-- list compare
SELECT one FROM t WHERE CASE WHEN t.tags IS NOT NULL THEN EXISTS (SELECT 1 FROM json_each(?1) WHERE value IN (SELECT value FROM json_each(t.tags) WHERE value IS NOT NULL)) END
-- list item
SELECT (tags ->> (?1)) FROM t
-- list length
SELECT json_array_length(tags) FROM t
-- matches
SELECT one FROM t WHERE ferrow_matches(name, ?1, 0)
-- moved
SELECT ferrow_timestamptz_moved(seen, CAST(?1 AS INTEGER)) FROM t
-- multiply
SELECT one * age FROM t
-- named aggregate
SELECT max(one) FROM t
-- named call
SELECT abs(one) FROM t
-- not
SELECT one FROM t WHERE NOT (one = ?1)
-- on conflict
INSERT INTO t (one, age) VALUES (?1, ?2) ON CONFLICT (one) DO UPDATE SET age = excluded.age
-- apart
SELECT ferrow_timestamptz_apart(seen, seen) FROM t
-- as it is
SELECT one FROM t WHERE age > 5
-- or
SELECT one FROM t WHERE one = ?1 OR age = ?2
-- order
SELECT one FROM t ORDER BY one
-- ordinal
SELECT t.age + ?1 AS next FROM t GROUP BY 1
-- rows
INSERT INTO t (one) VALUES (?1), (?2)
-- scalar
SELECT (SELECT count(*) FROM posts) FROM t
-- over
SELECT sum(one) OVER (PARTITION BY age) FROM t
-- quantified
SELECT one FROM t WHERE (SELECT CASE WHEN max(t.one < value) = 1 THEN 1 WHEN count(*) > count(t.one < value) THEN NULL ELSE 0 END FROM json_each(?1))
-- quantified query
SELECT t.one FROM t WHERE (WITH ferrow_rows(ferrow_value) AS (SELECT posts.author FROM posts) SELECT CASE WHEN max(t.one < ferrow_value) = 1 THEN 1 WHEN count(*) > count(t.one < ferrow_value) THEN NULL ELSE 0 END FROM ferrow_rows)
-- ranking
SELECT rank() OVER (ORDER BY age) FROM t
-- select
SELECT one FROM t
-- subquery
SELECT t.one FROM t JOIN (SELECT t.one FROM t WHERE t.age > ?1) AS old ON TRUE
-- unnest
not supported: sqlite cannot read lists side by side as rows (unnest)
-- update
UPDATE t SET age = ?1 RETURNING one
-- values
SELECT id FROM (SELECT column1 AS id FROM (VALUES (CAST(?1 AS INTEGER)), (?2)) AS v) AS v
-- with
WITH old AS (SELECT t.one FROM t WHERE t.age > ?1) SELECT t.one FROM t JOIN old ON TRUE
