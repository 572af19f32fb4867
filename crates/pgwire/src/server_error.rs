//! What the server says went wrong, or remarks on (`ErrorResponse`, `NoticeResponse`).

use std::error::Error;
use std::fmt;

use crate::error::DecodeError;
use crate::reader::Reader;

macro_rules! server_error {
    ($($code:literal $field:ident: $doc:literal,)*) => {
        /// An error or notice with all its fields; those the server left out are None.
        ///
        /// Field codes this version does not know are ignored, bytes that are not UTF-8 replaced.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct ServerError {
            /// ERROR, FATAL, PANIC, WARNING, NOTICE, …; never translated.
            pub severity: String,
            /// The SQLSTATE: five characters.
            pub code: String,
            /// The primary message.
            pub message: String,
            $(#[doc = $doc] pub $field: Option<String>,)*
            /// Whether it came while its request was parsed, described or bound, so that nothing of that has happened.
            pub unexecuted: bool,
        }

        impl ServerError {
            /// The fields that are there, by name.
            pub fn fields(&self) -> impl Iterator<Item = (&'static str, &str)> {
                [
                    ("severity", Some(&self.severity)),
                    ("code", Some(&self.code)),
                    ("message", Some(&self.message)),
                    $((field_name(stringify!($field)), self.$field.as_ref()),)*
                ]
                .into_iter()
                .filter_map(|(name, value)| Some((name, value?.as_str())))
            }

            fn optional(&mut self, code: u8) -> Option<&mut Option<String>> {
                match code {
                    $($code => Some(&mut self.$field),)*
                    _ => None,
                }
            }
        }
    };
}

server_error! {
    b'D' detail: "More about what happened.",
    b'H' hint: "What to do about it.",
    b'P' position: "Where in the statement, in characters from 1.",
    b'p' internal_position: "Where in `internal_query`.",
    b'q' internal_query: "The statement the server itself had made.",
    b'W' where_: "The calls that led here, one per line.",
    b's' schema: "The schema concerned.",
    b't' table: "The table concerned.",
    b'c' column: "The column concerned.",
    b'd' data_type: "The data type concerned.",
    b'n' constraint: "The constraint concerned.",
    b'F' file: "The server's source file.",
    b'L' line: "The line in it.",
    b'R' routine: "The server's function.",
}

/// `where` is a word of Rust, so the field carries an underscore that its name has not.
const fn field_name(field: &'static str) -> &'static str {
    match field.as_bytes() {
        b"where_" => "where",
        _ => field,
    }
}

impl ServerError {
    /// Whether the server ends the session with it.
    pub fn is_fatal(&self) -> bool {
        matches!(self.severity.as_str(), "FATAL" | "PANIC")
    }

    pub(crate) fn parse(body: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(body);
        let mut error = Self::default();
        let mut untranslated = None;
        loop {
            let code = reader.u8()?;
            if code == 0 {
                break;
            }
            let text = String::from_utf8_lossy(reader.cstr()?);
            match code {
                b'S' => error.severity = text.into_owned(),
                b'V' => untranslated = Some(text.into_owned()),
                b'C' => error.code = text.into_owned(),
                b'M' => error.message = text.into_owned(),
                _ => {
                    if let Some(field) = error.optional(code) {
                        *field = Some(text.into_owned());
                    }
                }
            }
        }
        reader.end()?;
        // 'S' speaks the server's language, 'V' (since 9.6) does not.
        if let Some(severity) = untranslated {
            error.severity = severity;
        }
        Ok(error)
    }
}

impl fmt::Display for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.severity, self.code, self.message)
    }
}

impl Error for ServerError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_its_name() {
        let codes = b"VCMDHPpqWstcdnFLR";
        let body: Vec<u8> = codes
            .iter()
            .flat_map(|code| [*code, *code, 0])
            .chain(*b"?future\0\0")
            .collect();
        let error = ServerError::parse(&body).unwrap();
        let fields: String = error
            .fields()
            .map(|(name, value)| format!("{name}={value} "))
            .collect();
        assert_eq!(
            fields,
            "severity=V code=C message=M detail=D hint=H position=P internal_position=p \
             internal_query=q where=W schema=s table=t column=c data_type=d constraint=n file=F \
             line=L routine=R "
        );
    }

    #[test]
    fn the_untranslated_severity_wins_wherever_it_stands() {
        for body in [&b"SERREUR\0VERROR\0\0"[..], b"VERROR\0SERREUR\0\0"] {
            assert_eq!(ServerError::parse(body).unwrap().severity, "ERROR");
        }
        assert_eq!(ServerError::parse(b"SFATAL\0\0").unwrap().severity, "FATAL");
    }

    #[test]
    fn bytes_that_are_not_utf_8_do_not_hide_the_error() {
        assert_eq!(
            ServerError::parse(b"Mcaf\xe9\0\0").unwrap().message,
            "caf\u{fffd}"
        );
    }

    #[test]
    fn unfinished_bodies_are_malformed() {
        for body in [&b""[..], b"M", b"Mx", b"Mx\0", b"\0x"] {
            assert!(ServerError::parse(body).is_err(), "{body:?}");
        }
    }
}
