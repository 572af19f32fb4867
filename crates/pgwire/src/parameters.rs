//! What the server says about itself (`ParameterStatus`), within limits.

use std::collections::HashMap;

use crate::error::ProtocolError;
use crate::limits::{SERVER_PARAMETER_BYTES, SERVER_PARAMETERS};

#[derive(Debug, Default)]
pub(crate) struct Parameters {
    values: HashMap<String, String>,
    bytes: usize,
}

impl Parameters {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) -> Result<(), ProtocolError> {
        let freed = self
            .get(name)
            .map_or(0, |old| name.len().saturating_add(old.len()));
        let bytes = self
            .bytes
            .saturating_sub(freed)
            .saturating_add(name.len())
            .saturating_add(value.len());
        let is_new = !self.values.contains_key(name);
        if bytes > SERVER_PARAMETER_BYTES || is_new && self.values.len() >= SERVER_PARAMETERS {
            return Err(ProtocolError::new(format!(
                "the server reports more than {SERVER_PARAMETERS} parameters, or more than \
                 {SERVER_PARAMETER_BYTES} bytes of them: no PostgreSQL server does"
            )));
        }
        self.bytes = bytes;
        self.values.insert(name.to_owned(), value.to_owned());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_ends_at_a_thousand() {
        let mut parameters = Parameters::default();
        for number in 0..1_000 {
            parameters.set(&format!("p{number}"), "on").unwrap();
        }
        assert!(parameters.set("one more", "on").is_err());
        assert!(parameters.set("p0", "off").is_ok());
        assert_eq!(parameters.get("p0"), Some("off"));
    }

    #[test]
    fn changing_a_value_does_not_add_up() {
        let mut parameters = Parameters::default();
        for _ in 0..100 {
            parameters.set("search_path", &"x".repeat(60_000)).unwrap();
        }
        assert!(parameters.set("second", &"x".repeat(10_000)).is_err());
    }
}
