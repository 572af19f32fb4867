-- add
SELECT one + age FROM t
-- aggregate
SELECT sum(price) FROM t
-- and
SELECT one FROM t WHERE one = $1 AND age = $2
-- between
SELECT one FROM t WHERE age BETWEEN $1 AND $2
-- call
SELECT lower(name) FROM t
-- case
SELECT CASE WHEN age > $1 THEN CAST($2 AS bigint) ELSE $3 END FROM t
-- cast
SELECT one FROM t WHERE CAST(age AS double precision) > $1
-- compare
SELECT one FROM t WHERE age > $1
-- compound
SELECT t.one FROM t WHERE t.age > $1 UNION SELECT posts.author FROM posts
-- concat
SELECT name || name FROM t
-- constant
DELETE FROM t WHERE TRUE
-- cte
WITH old AS (SELECT t.one FROM t WHERE t.age > $1) SELECT t.one FROM t JOIN old ON TRUE
-- date part
SELECT CAST(EXTRACT(year FROM (seen AT TIME ZONE 'UTC')) AS integer) FROM t
-- delete
DELETE FROM t RETURNING one
-- distinct from
SELECT one FROM t WHERE age IS DISTINCT FROM $1
-- divide
SELECT weight / $1 FROM t
-- exists
SELECT t.one FROM t WHERE EXISTS (SELECT posts.author FROM posts)
-- explain
EXPLAIN SELECT one FROM t WHERE age > $1
-- extreme
SELECT greatest(one, age) FROM t
-- frame
SELECT CAST(sum(one) OVER (ROWS BETWEEN $1 PRECEDING AND CURRENT ROW) AS bigint) FROM t
-- in list
SELECT one FROM t WHERE one = ANY($1)
-- in query
SELECT t.one FROM t WHERE t.one IN (SELECT posts.author FROM posts)
-- insert
INSERT INTO t (one) VALUES ($1) RETURNING one
-- is not true
SELECT one FROM t WHERE (age = $1) IS NOT TRUE
-- is null
SELECT one FROM t WHERE age IS NULL
-- is truth
SELECT one FROM t WHERE active IS TRUE
-- join
SELECT t.one FROM t JOIN posts ON posts.author = t.one
-- json as
SELECT one FROM t WHERE CASE jsonb_typeof(NULLIF(meta -> CAST($1 AS text), 'null')) WHEN 'number' THEN CAST(NULLIF(meta -> CAST($1 AS text), 'null') AS numeric) END < $2
-- json contains
SELECT one FROM t WHERE NULLIF(meta, 'null') @> CAST($1 AS jsonb)
-- json has
SELECT one FROM t WHERE (meta ? $1 AND jsonb_typeof(meta) = 'object')
-- json holds
SELECT one FROM t WHERE CASE jsonb_typeof(NULLIF(meta -> CAST($1 AS text), 'null')) WHEN 'string' THEN CASE jsonb_typeof(NULLIF(meta -> CAST($1 AS text), 'null')) WHEN 'string' THEN NULLIF(meta -> CAST($1 AS text), 'null') #>> '{}' END LIKE $2 ELSE NULLIF(meta -> CAST($1 AS text), 'null') @> CAST($3 AS jsonb) END
-- json null
SELECT one FROM t WHERE NULLIF(meta, 'null') @> CAST('null' AS jsonb)
-- json number
SELECT one FROM t WHERE NULLIF(meta -> CAST($1 AS text), 'null') = to_jsonb(CAST($2 AS numeric))
-- json order
SELECT one FROM t ORDER BY CASE WHEN NULLIF(meta -> CAST($1 AS text), 'null') IS NOT NULL THEN ROW(CASE jsonb_typeof(NULLIF(meta -> CAST($1 AS text), 'null')) WHEN 'string' THEN 1 WHEN 'number' THEN 2 WHEN 'boolean' THEN 3 WHEN 'array' THEN 4 ELSE 5 END, CASE jsonb_typeof(NULLIF(meta -> CAST($1 AS text), 'null')) WHEN 'number' THEN CAST(NULLIF(meta -> CAST($1 AS text), 'null') AS numeric) WHEN 'boolean' THEN CAST(CAST(NULLIF(meta -> CAST($1 AS text), 'null') AS boolean) AS integer) END, (CASE jsonb_typeof(NULLIF(meta -> CAST($1 AS text), 'null')) WHEN 'string' THEN NULLIF(meta -> CAST($1 AS text), 'null') #>> '{}' END) COLLATE "C") END
-- json path
SELECT one FROM t WHERE NULLIF(jsonb_path_query_first(meta -> CAST($1 AS text), 'strict $ ? (@.type() == "array")') -> CAST($2 AS integer), 'null') = $3
-- label reference
SELECT t.age + $1 AS next FROM t ORDER BY next
-- label
SELECT t.age + $1 AS next FROM t
-- like
SELECT one FROM t WHERE name LIKE $1
-- lock
SELECT one FROM t FOR UPDATE
-- list compare
SELECT one FROM t WHERE (tags && $1)
-- list item
SELECT (tags)[$1 + 1] FROM t
-- list length
SELECT cardinality(tags) FROM t
-- matches
SELECT one FROM t WHERE name ~ $1
-- moved
SELECT ((seen AT TIME ZONE 'UTC' + CAST($1 AS interval)) AT TIME ZONE 'UTC') FROM t
-- multiply
SELECT one * age FROM t
-- named aggregate
SELECT max(one) FROM t
-- named call
SELECT abs(one) FROM t
-- not
SELECT one FROM t WHERE NOT (one = $1)
-- on conflict
INSERT INTO t (one, age) VALUES ($1, $2) ON CONFLICT (one) DO UPDATE SET age = excluded.age
-- apart
SELECT (seen - seen) FROM t
-- as it is
SELECT one FROM t WHERE age > 5
-- or
SELECT one FROM t WHERE one = $1 OR age = $2
-- order
SELECT one FROM t ORDER BY one
-- ordinal
SELECT t.age + $1 AS next FROM t GROUP BY 1
-- rows
INSERT INTO t (one) VALUES ($1), ($2)
-- scalar
SELECT (SELECT count(*) FROM posts) FROM t
-- over
SELECT CAST(sum(one) OVER (PARTITION BY age) AS bigint) FROM t
-- quantified
SELECT one FROM t WHERE one < ANY($1)
-- quantified query
SELECT t.one FROM t WHERE t.one < ANY (SELECT posts.author FROM posts)
-- ranking
SELECT rank() OVER (ORDER BY age) FROM t
-- select
SELECT one FROM t
-- subquery
SELECT t.one FROM t JOIN (SELECT t.one FROM t WHERE t.age > $1) AS old ON TRUE
-- unnest
SELECT id FROM unnest(CAST($1 AS integer[])) AS v (id)
-- update
UPDATE t SET age = $1 RETURNING one
-- values
SELECT id FROM (SELECT column1 AS id FROM (VALUES (CAST($1 AS integer)), ($2)) AS v) AS v
-- with
WITH old AS (SELECT t.one FROM t WHERE t.age > $1) SELECT t.one FROM t JOIN old ON TRUE
