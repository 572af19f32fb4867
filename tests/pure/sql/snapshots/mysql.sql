-- add
SELECT one + age FROM t
-- aggregate
SELECT sum(price) FROM t
-- and
SELECT one FROM t WHERE one = ?1 AND age = ?2
-- between
SELECT one FROM t WHERE age BETWEEN ?1 AND ?2
-- call
SELECT lower(name) FROM t
-- case
SELECT CASE WHEN age > ?1 THEN CAST(?2 AS signed) ELSE ?3 END FROM t
-- cast
SELECT one FROM t WHERE CAST(age AS double) > ?1
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
SELECT YEAR(seen) FROM t
-- delete
DELETE FROM t RETURNING one
-- distinct from
SELECT one FROM t WHERE NOT (age <=> ?1)
-- divide
SELECT weight / ?1 FROM t
-- exists
SELECT t.one FROM t WHERE EXISTS (SELECT posts.author FROM posts)
-- explain
EXPLAIN SELECT one FROM t WHERE age > ?1
-- extreme
SELECT GREATEST(COALESCE(one, age), COALESCE(age, one)) FROM t
-- frame
SELECT CAST(SUM(one) OVER (ROWS BETWEEN ?1 PRECEDING AND CURRENT ROW) AS signed) FROM t
-- in list
SELECT one FROM t WHERE one IN ?*1
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
SELECT one FROM t WHERE CASE WHEN JSON_TYPE(NULLIF(JSON_EXTRACT(meta, CONCAT('$.', JSON_QUOTE(?1) COLLATE utf8mb4_nopad_bin)), 'null')) IN ('INTEGER', 'DOUBLE') THEN CAST(NULLIF(JSON_EXTRACT(meta, CONCAT('$.', JSON_QUOTE(?1) COLLATE utf8mb4_nopad_bin)), 'null') AS decimal(65, 30)) END < ?2
-- json contains
SELECT one FROM t WHERE (JSON_CONTAINS(NULLIF(meta, 'null'), ?1) AND (JSON_TYPE(NULLIF(meta, 'null')) <> 'ARRAY' OR NOT EXISTS (SELECT 1 FROM JSON_TABLE(IF(JSON_TYPE(?1) = 'ARRAY', ?1, JSON_ARRAY(JSON_COMPACT(?1))), '$[*]' COLUMNS (value json PATH '$')) AS ferrow_i WHERE NOT EXISTS (SELECT 1 FROM JSON_TABLE(NULLIF(meta, 'null'), '$[*]' COLUMNS (value json PATH '$')) AS ferrow_o WHERE IF(JSON_TYPE(ferrow_i.value) IN ('ARRAY', 'OBJECT'), JSON_TYPE(ferrow_o.value) = JSON_TYPE(ferrow_i.value) AND JSON_CONTAINS(ferrow_o.value, ferrow_i.value), JSON_NORMALIZE(ferrow_o.value) = JSON_NORMALIZE(ferrow_i.value))))))
-- json has
SELECT one FROM t WHERE (JSON_TYPE(meta) = 'OBJECT' AND JSON_EXISTS(meta, CONCAT('$.', JSON_QUOTE(?1) COLLATE utf8mb4_nopad_bin)))
-- json holds
SELECT one FROM t WHERE CASE CASE JSON_TYPE(NULLIF(JSON_EXTRACT(meta, CONCAT('$.', JSON_QUOTE(?1) COLLATE utf8mb4_nopad_bin)), 'null')) WHEN 'INTEGER' THEN 'number' WHEN 'DOUBLE' THEN 'number' ELSE LOWER(JSON_TYPE(NULLIF(JSON_EXTRACT(meta, CONCAT('$.', JSON_QUOTE(?1) COLLATE utf8mb4_nopad_bin)), 'null'))) END WHEN 'string' THEN CASE JSON_TYPE(NULLIF(JSON_EXTRACT(meta, CONCAT('$.', JSON_QUOTE(?1) COLLATE utf8mb4_nopad_bin)), 'null')) WHEN 'STRING' THEN JSON_UNQUOTE(NULLIF(JSON_EXTRACT(meta, CONCAT('$.', JSON_QUOTE(?1) COLLATE utf8mb4_nopad_bin)), 'null')) COLLATE utf8mb4_nopad_bin END LIKE ?2 ELSE (JSON_CONTAINS(NULLIF(JSON_EXTRACT(meta, CONCAT('$.', JSON_QUOTE(?1) COLLATE utf8mb4_nopad_bin)), 'null'), ?3) AND (JSON_TYPE(NULLIF(JSON_EXTRACT(meta, CONCAT('$.', JSON_QUOTE(?1) COLLATE utf8mb4_nopad_bin)), 'null')) <> 'ARRAY' OR NOT EXISTS (SELECT 1 FROM JSON_TABLE(IF(JSON_TYPE(?3) = 'ARRAY', ?3, JSON_ARRAY(JSON_COMPACT(?3))), '$[*]' COLUMNS (value json PATH '$')) AS ferrow_i WHERE NOT EXISTS (SELECT 1 FROM JSON_TABLE(NULLIF(JSON_EXTRACT(meta, CONCAT('$.', JSON_QUOTE(?1) COLLATE utf8mb4_nopad_bin)), 'null'), '$[*]' COLUMNS (value json PATH '$')) AS ferrow_o WHERE IF(JSON_TYPE(ferrow_i.value) IN ('ARRAY', 'OBJECT'), JSON_TYPE(ferrow_o.value) = JSON_TYPE(ferrow_i.value) AND JSON_CONTAINS(ferrow_o.value, ferrow_i.value), JSON_NORMALIZE(ferrow_o.value) = JSON_NORMALIZE(ferrow_i.value)))))) END
-- json null
SELECT one FROM t WHERE (JSON_CONTAINS(NULLIF(meta, 'null'), 'null') AND (JSON_TYPE(NULLIF(meta, 'null')) <> 'ARRAY' OR NOT EXISTS (SELECT 1 FROM JSON_TABLE(IF(JSON_TYPE('null') = 'ARRAY', 'null', JSON_ARRAY(JSON_COMPACT('null'))), '$[*]' COLUMNS (value json PATH '$')) AS ferrow_i WHERE NOT EXISTS (SELECT 1 FROM JSON_TABLE(NULLIF(meta, 'null'), '$[*]' COLUMNS (value json PATH '$')) AS ferrow_o WHERE IF(JSON_TYPE(ferrow_i.value) IN ('ARRAY', 'OBJECT'), JSON_TYPE(ferrow_o.value) = JSON_TYPE(ferrow_i.value) AND JSON_CONTAINS(ferrow_o.value, ferrow_i.value), JSON_NORMALIZE(ferrow_o.value) = JSON_NORMALIZE(ferrow_i.value))))))
-- json number
SELECT one FROM t WHERE JSON_NORMALIZE(NULLIF(JSON_EXTRACT(meta, CONCAT('$.', JSON_QUOTE(?1) COLLATE utf8mb4_nopad_bin)), 'null')) COLLATE utf8mb4_nopad_bin = JSON_NORMALIZE(CAST(?2 AS char)) COLLATE utf8mb4_nopad_bin
-- json order
SELECT one FROM t ORDER BY CASE WHEN NULLIF(JSON_EXTRACT(meta, CONCAT('$.', JSON_QUOTE(?1) COLLATE utf8mb4_nopad_bin)), 'null') IS NOT NULL THEN CONCAT(CASE JSON_TYPE(NULLIF(JSON_EXTRACT(meta, CONCAT('$.', JSON_QUOTE(?1) COLLATE utf8mb4_nopad_bin)), 'null')) WHEN 'STRING' THEN '1' WHEN 'INTEGER' THEN '2' WHEN 'DOUBLE' THEN '2' WHEN 'BOOLEAN' THEN '3' WHEN 'ARRAY' THEN '4' ELSE '5' END, CASE JSON_TYPE(NULLIF(JSON_EXTRACT(meta, CONCAT('$.', JSON_QUOTE(?1) COLLATE utf8mb4_nopad_bin)), 'null')) WHEN 'STRING' THEN JSON_UNQUOTE(NULLIF(JSON_EXTRACT(meta, CONCAT('$.', JSON_QUOTE(?1) COLLATE utf8mb4_nopad_bin)), 'null')) COLLATE utf8mb4_nopad_bin WHEN 'INTEGER' THEN LPAD(CAST(NULLIF(JSON_EXTRACT(meta, CONCAT('$.', JSON_QUOTE(?1) COLLATE utf8mb4_nopad_bin)), 'null') AS decimal(64, 30)) + 1000000000000000000000000000000000, 70, '0') WHEN 'DOUBLE' THEN LPAD(CAST(NULLIF(JSON_EXTRACT(meta, CONCAT('$.', JSON_QUOTE(?1) COLLATE utf8mb4_nopad_bin)), 'null') AS decimal(64, 30)) + 1000000000000000000000000000000000, 70, '0') WHEN 'BOOLEAN' THEN NULLIF(JSON_EXTRACT(meta, CONCAT('$.', JSON_QUOTE(?1) COLLATE utf8mb4_nopad_bin)), 'null') COLLATE utf8mb4_nopad_bin ELSE '' END) END
-- json path
SELECT one FROM t WHERE JSON_NORMALIZE(NULLIF(CASE JSON_TYPE(JSON_EXTRACT(meta, CONCAT('$.', JSON_QUOTE(?1) COLLATE utf8mb4_nopad_bin))) WHEN 'ARRAY' THEN JSON_EXTRACT(JSON_EXTRACT(meta, CONCAT('$.', JSON_QUOTE(?1) COLLATE utf8mb4_nopad_bin)), CONCAT('$[', IF(CAST(?2 AS signed) < 0, CAST(?2 AS signed) + JSON_LENGTH(JSON_EXTRACT(meta, CONCAT('$.', JSON_QUOTE(?1) COLLATE utf8mb4_nopad_bin))), CAST(?2 AS signed)), ']')) END, 'null')) COLLATE utf8mb4_nopad_bin = JSON_NORMALIZE(?3) COLLATE utf8mb4_nopad_bin
-- label reference
SELECT t.age + ?1 AS next FROM t ORDER BY next
-- label
SELECT t.age + ?1 AS next FROM t
-- like
SELECT one FROM t WHERE name LIKE ?1
-- lock
SELECT one FROM t FOR UPDATE
-- list compare
SELECT one FROM t WHERE CASE WHEN t.tags IS NOT NULL AND ?1 IS NOT NULL THEN EXISTS (SELECT 1 FROM JSON_TABLE(?1, '$[*]' COLUMNS (value longtext COLLATE utf8mb4_nopad_bin PATH '$')) AS r WHERE r.value IN (SELECT value FROM JSON_TABLE(t.tags, '$[*]' COLUMNS (value longtext COLLATE utf8mb4_nopad_bin PATH '$')) AS l WHERE value IS NOT NULL)) END
-- list item
SELECT CASE WHEN ?1 >= 0 THEN JSON_VALUE(tags, CONCAT('$[', ?1, ']')) END FROM t
-- list length
SELECT JSON_LENGTH(tags) FROM t
-- matches
SELECT one FROM t WHERE name REGEXP CONCAT('(?-i)', REPLACE(REPLACE(REPLACE(?1, '\\m', '[[:<:]]'), '\\M', '[[:>:]]'), '\\y', '\\b'))
-- moved
SELECT (seen + INTERVAL CAST(?1 AS signed) MICROSECOND) FROM t
-- multiply
SELECT one * age FROM t
-- named aggregate
SELECT max(one) FROM t
-- named call
SELECT abs(one) FROM t
-- not
SELECT one FROM t WHERE NOT (one = ?1)
-- on conflict
INSERT INTO t (one, age) VALUES (?1, ?2) ON DUPLICATE KEY UPDATE age = IF(one <=> VALUES(one), VALUES(age), (SELECT NULL /* another unique key */ UNION ALL SELECT NULL))
-- apart
SELECT TIMESTAMPDIFF(MICROSECOND, seen, seen) FROM t
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
SELECT CAST(SUM(one) OVER (PARTITION BY age) AS signed) FROM t
-- quantified
SELECT one FROM t WHERE t.one < ANY (SELECT value FROM JSON_TABLE(?1, '$[*]' COLUMNS (value bigint PATH '$')) AS q)
-- quantified query
SELECT t.one FROM t WHERE t.one < ANY (SELECT posts.author FROM posts)
-- ranking
SELECT rank() OVER (ORDER BY age) FROM t
-- select
SELECT one FROM t
-- subquery
SELECT t.one FROM t JOIN (SELECT t.one FROM t WHERE t.age > ?1) AS old ON TRUE
-- unnest
not supported: mysql cannot read lists side by side as rows (unnest)
-- update
not supported: mysql: MariaDB's UPDATE has no RETURNING; read the rows again
-- values
SELECT id FROM (SELECT CAST(?1 AS signed) AS id UNION ALL SELECT ?2) AS v
-- with
WITH old AS (SELECT t.one FROM t WHERE t.age > ?1) SELECT t.one FROM t JOIN old ON TRUE
