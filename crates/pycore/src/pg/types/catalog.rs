//! The question to the catalogue about types that this session does not know, and its answer.

use pgwire::{DataRow, Oid};

use super::{Definition, Entry, Scalar, Sent, Types};

/// Multiranges came with PostgreSQL 14.
const MULTIRANGES: u32 = 14;
/// PostgreSQL 12 writes as many digits of a float as it takes; before, only 3 more than usual were always enough.
const SHORTEST: u32 = 12;

/// One statement for all types and everything they consist of. It names the schema of every table, function and type, for a
/// search path may lead elsewhere, and its only values are numbers.
pub fn question(oids: &[Oid], server_version: u32) -> String {
    let list = oids
        .iter()
        .map(Oid::to_string)
        .collect::<Vec<_>>()
        .join(",");
    let multiranges = server_version >= MULTIRANGES;
    let of_multirange = if multiranges {
        "UNION ALL SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE r.rngmultitypid = t.oid"
    } else {
        ""
    };
    let range = if multiranges {
        "t.oid IN (r.rngtypid, r.rngmultitypid)"
    } else {
        "r.rngtypid = t.oid"
    };
    let all_digits = if server_version >= SHORTEST { 1 } else { 3 };
    // A true array is known by its input function: typelem alone says that something can be indexed, as a point can.
    format!(
        "WITH RECURSIVE part(oid) AS (\
SELECT o::pg_catalog.oid FROM pg_catalog.unnest(ARRAY[{list}]::pg_catalog.oid[]) o \
UNION \
SELECT inner_.oid FROM part p JOIN pg_catalog.pg_type t ON t.oid = p.oid CROSS JOIN LATERAL (\
SELECT t.typelem WHERE t.typinput = 'pg_catalog.array_in'::pg_catalog.regproc \
UNION ALL SELECT t.typbasetype WHERE t.typtype = 'd' \
UNION ALL SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid \
{of_multirange} \
UNION ALL SELECT a.atttypid FROM pg_catalog.pg_attribute a \
WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped\
) inner_(oid)) \
SELECT t.oid::pg_catalog.text, n.nspname::pg_catalog.text, t.typname::pg_catalog.text, t.typtype::pg_catalog.text, \
CASE WHEN t.typinput = 'pg_catalog.array_in'::pg_catalog.regproc THEN t.typelem END::pg_catalog.text, \
t.typdelim::pg_catalog.text, t.typbasetype::pg_catalog.text, \
(SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE {range})::pg_catalog.text, \
(SELECT s.proname FROM pg_catalog.pg_proc s WHERE s.oid = t.typsend)::pg_catalog.text, \
CASE WHEN t.typtype = 'c' THEN (SELECT pg_catalog.jsonb_agg(\
pg_catalog.jsonb_build_array(a.attname, a.atttypid::pg_catalog.int8) ORDER BY a.attnum) \
FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) END::pg_catalog.text, \
(pg_catalog.current_setting('extra_float_digits')::pg_catalog.int4 >= {all_digits})::pg_catalog.text, \
CASE WHEN t.typreceive::pg_catalog.oid = 0 THEN 0 ELSE t.typarray END::pg_catalog.text \
FROM part p JOIN pg_catalog.pg_type t ON t.oid = p.oid JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
    )
}

impl Types {
    /// Takes in one row of the answer; None if it is not one.
    pub fn learn_row(&mut self, row: DataRow<'_>) -> Option<()> {
        let mut values = row.iter();
        let mut next = || -> Option<Option<String>> {
            let value = values.next()?;
            match value {
                None => Some(None),
                Some(bytes) => Some(Some(std::str::from_utf8(bytes).ok()?.to_owned())),
            }
        };
        let oid: Oid = next()??.parse().ok()?;
        let schema = next()??;
        let name = next()??;
        let kind = next()??;
        let element = next()?;
        let delimiter = next()??;
        let base = next()??;
        let subtype = next()?;
        let send = next()?;
        let fields = next()?;
        self.digits.are_all = next()?? == "true";
        let sent = Sent::of_found(send.as_deref(), next()??.parse().ok()?);
        if self.is_builtin(oid) {
            return Some(());
        }
        let definition = match kind.as_str() {
            "e" => Definition::Enum,
            "d" => Definition::Domain(base.parse().ok()?),
            "c" => Definition::Composite(composite(fields.as_deref())?),
            "r" => Definition::Range(subtype?.parse().ok()?),
            "m" => Definition::Multirange(subtype?.parse().ok()?),
            _ => match element {
                Some(element) => Definition::Array {
                    element: element.parse().ok()?,
                    delimiter: *delimiter.as_bytes().first()?,
                },
                None => match send.as_deref().and_then(Scalar::sent_by) {
                    Some(scalar) => Definition::Scalar(scalar),
                    None => Definition::Text(sent),
                },
            },
        };
        let entry = Entry {
            schema: schema.into_boxed_str(),
            name: name.into_boxed_str(),
            definition,
        };
        self.learn(oid, entry);
        Some(())
    }

    /// What the server had nothing to say about (it is gone meanwhile): text, or nothing would ever come of it.
    pub fn learn_nothing(&mut self, oid: Oid) {
        if !self.knows(oid) {
            let entry = Entry {
                schema: "".into(),
                name: format!("the type with oid {oid}").into_boxed_str(),
                definition: Definition::Text(Sent::Opaque),
            };
            self.learn(oid, entry);
        }
    }
}

/// Names and types of the fields; none for a table without columns.
fn composite(fields: Option<&str>) -> Option<Vec<(Box<str>, Oid)>> {
    let Some(text) = fields else {
        return Some(Vec::new());
    };
    let parsed = jiter::JsonValue::parse(text.as_bytes(), false).ok()?;
    let jiter::JsonValue::Array(fields) = parsed else {
        return None;
    };
    fields
        .iter()
        .map(|field| match field {
            jiter::JsonValue::Array(pair) => match pair.as_slice() {
                [jiter::JsonValue::Str(name), jiter::JsonValue::Int(oid)] => {
                    Some((Box::from(name.as_ref()), Oid::try_from(*oid).ok()?))
                }
                _ => None,
            },
            _ => None,
        })
        .collect()
}
