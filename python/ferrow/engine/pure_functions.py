"""Functions of PostgreSQL whose call nobody can observe: they change nothing, wait for nobody, and say the same in every session.

A function that is not here may be just as harmless; its statements merely get a connection of their own. Left out on purpose: what
looks at or changes a session or a sequence (`set_config`, `nextval`, `pg_backend_pid`, `setseed`), waits (`pg_sleep`, advisory locks), runs
SQL of its own (`query_to_xml`, `ts_stat`) or reads files. Source: PostgreSQL manual, chapter "Functions and Operators".
"""

from __future__ import annotations

_AGGREGATES = """
any_value array_agg avg bit_and bit_or bit_xor bool_and bool_or count every json_agg json_agg_strict json_arrayagg json_objectagg
json_object_agg jsonb_agg jsonb_agg_strict jsonb_object_agg max min range_agg range_intersect_agg string_agg sum corr covar_pop
covar_samp regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy stddev stddev_pop stddev_samp
variance var_pop var_samp mode percentile_cont percentile_disc grouping
"""
_WINDOWS = "row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value"
_CONDITIONS = "coalesce nullif greatest least num_nulls num_nonnulls"
_NUMBERS = """
abs cbrt ceil ceiling degrees div erf erfc exp factorial floor gcd lcm ln log log10 min_scale mod pi power radians random round scale
sign sqrt trim_scale trunc width_bucket acos acosd asin asind atan atand atan2 atan2d cos cosd cot cotd sin sind tan tand sinh cosh tanh
asinh acosh atanh
"""
_STRINGS = """
ascii bit_count bit_length btrim char_length character_length chr concat concat_ws convert convert_from convert_to decode encode format get_bit
get_byte initcap left length lower lpad ltrim md5 normalize octet_length overlay parse_ident position quote_ident quote_literal
quote_nullable regexp_count regexp_instr regexp_like regexp_match regexp_matches regexp_replace regexp_split_to_array
regexp_split_to_table regexp_substr repeat replace reverse right rpad rtrim set_bit set_byte sha224 sha256 sha384 sha512 split_part
starts_with string_to_array string_to_table strpos substr substring to_ascii to_hex translate trim unistr upper
"""
_TIMES = """
age clock_timestamp date_add date_bin date_part date_subtract date_trunc extract isfinite justify_days justify_hours justify_interval
make_date make_interval make_time make_timestamp make_timestamptz now statement_timestamp timezone to_char to_date to_number to_timestamp
transaction_timestamp current_time current_timestamp localtime localtimestamp
"""
_ARRAYS_AND_RANGES = """
array_append array_cat array_dims array_fill array_length array_lower array_ndims array_position array_positions array_prepend
array_remove array_replace array_to_string array_upper cardinality trim_array unnest isempty lower_inc lower_inf upper_inc upper_inf
multirange range_merge int4range int8range numrange tsrange tstzrange daterange int4multirange int8multirange nummultirange tsmultirange
tstzmultirange datemultirange
"""
_DOCUMENTS = """
array_to_json json_array json_array_elements json_array_elements_text json_array_length json_build_array json_build_object json_each
json_each_text json_exists json_extract_path json_extract_path_text json_object json_object_keys json_populate_record
json_populate_recordset json_query json_scalar json_serialize json_strip_nulls json_to_record json_to_recordset json_typeof json_value
jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each jsonb_each_text
jsonb_extract_path jsonb_extract_path_text jsonb_insert jsonb_object jsonb_object_keys jsonb_path_exists jsonb_path_match jsonb_path_query
jsonb_path_query_array jsonb_path_query_first jsonb_populate_record jsonb_populate_recordset jsonb_pretty jsonb_set jsonb_set_lax
jsonb_strip_nulls jsonb_to_record jsonb_to_recordset jsonb_typeof row_to_json to_json to_jsonb
"""
_SEARCH = """
array_to_tsvector numnode phraseto_tsquery plainto_tsquery setweight strip to_tsquery to_tsvector ts_delete ts_filter ts_headline ts_rank
ts_rank_cd tsquery_phrase tsvector_to_array websearch_to_tsquery similarity word_similarity strict_word_similarity unaccent
"""
_OTHERS = """
abbrev broadcast family host hostmask inet_merge inet_same_family masklen netmask network set_masklen area center diameter height
isclosed isopen npoints path point polygon radius width box circle line lseg slope gen_random_uuid uuid_extract_timestamp uuid_extract_version
uuidv4 uuidv7 enum_first enum_last enum_range generate_series generate_subscripts pg_typeof pg_column_size version to_regclass to_regtype
cosine_distance inner_product l1_distance l2_distance l2_normalize vector_dims vector_norm
"""
_TYPES = """
bit bool boolean bpchar char character date decimal dec float float4 float8 int int2 int4 int8 integer interval json jsonb numeric nchar
text time timestamp timestamptz timetz varbit varchar vector halfvec
"""
# Not functions at all, but followed by a parenthesis, and such that no function can be called like them.
_WORDS = """
all and any array as asymmetric between case cast dec distinct else end except exists extract fetch from group grouping having in intersect
lateral left like limit not offset on only or order overlaps right row select some symmetric table then to treat union using values when
where window with
"""

PURE = frozenset(
    " ".join(
        (_AGGREGATES, _WINDOWS, _CONDITIONS, _NUMBERS, _STRINGS, _TIMES, _ARRAYS_AND_RANGES, _DOCUMENTS, _SEARCH, _OTHERS, _TYPES, _WORDS)
    ).split()
)  # fmt: skip
"""What may stand before a parenthesis, in lower case."""

GRAMMAR = {
    "by": ("group", "order", "partition"),
    "bernoulli": ("tablesample",),
    "cube": ("by",),
    "filter": (")",),
    "first": ("fetch",),
    "ilike": (),
    "join": ("inner", "left", "right", "full", "outer", "cross", "natural"),
    "materialized": ("as",),
    "next": ("fetch",),
    "over": (")",),
    "rollup": ("by",),
    "sets": ("grouping",),
    "system": ("tablesample",),
    "varying": ("character", "char", "bit"),
    "zone": ("time",),
}
"""Words that are followed by a parenthesis behind one of these, and name a function of somebody's own elsewhere."""
