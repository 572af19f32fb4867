//! Calls about statements without a name: `run sql [types] format values`, rows apart by `/`.

use pgwire::{Formats, Params, Refused, Session, Unnamed};

use super::calls::{format, params};
use super::tokens::Token;

/// `run "select $1" 23 text "1"`, `run_many ...` the same with rows, `open_unnamed "p1" ...` the same with a portal before.
pub fn call(session: &mut Session, name: &str, args: &[Token]) -> Result<(), Refused> {
    let (portal, args) = match name {
        "open_unnamed" => (args[0].str(), &args[1..]),
        _ => ("", args),
    };
    let types: Vec<u32> = match args[1].word() {
        "none" => Vec::new(),
        oid => vec![oid.parse().unwrap()],
    };
    let statement = Unnamed {
        sql: args[0].str(),
        param_types: &types,
    };
    let formats = Formats::All(format(&args[2]));
    let rest = &args[3..];
    match name {
        "run" => session.run_unnamed(statement, formats, &params(rest)),
        "join_unnamed" => session
            .join_unnamed(statement, formats, &params(rest))
            .map(drop),
        "open_unnamed" => session.open_unnamed(portal, statement, formats, &params(rest)),
        _ => {
            let mut batch = session.batch_unnamed(statement, formats)?;
            let rows: Vec<Params> = rest
                .split(|token| *token == Token::Word("/".to_owned()))
                .filter(|row| !row.is_empty())
                .map(params)
                .collect();
            for row in &rows {
                batch.push(row)?;
            }
            batch.finish()
        }
    }
}
