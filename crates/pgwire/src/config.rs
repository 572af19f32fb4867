//! Who connects, to what, and how much it trusts the server.

use std::fmt;

use crate::binding::ChannelBinding;
use crate::limits::{MAX_MESSAGE, SCRAM_MAX_ITERATIONS};

/// Everything a [`Session`](crate::Session) needs to start.
#[derive(Clone, Debug)]
pub struct Config {
    /// The role to connect as.
    pub user: String,
    /// The database to connect to.
    pub database: String,
    /// Needed when the server asks for one; forgotten as soon as the server has accepted it.
    pub password: Option<Password>,
    /// Further start-up parameters (`application_name`, `search_path`, …), name and value.
    /// `client_encoding` is always UTF8 and need not be here.
    pub parameters: Vec<(String, String)>,
    /// Send the password as it is when the server asks for that. Default: false, but for a
    /// [verified](crate::Session::secured) server.
    pub allow_cleartext: bool,
    /// Send the MD5 hash of the password when the server asks for that. Default: as above.
    pub allow_md5: bool,
    /// The most SCRAM iterations the server may ask for. Default and maximum: 100,000.
    pub scram_max_iterations: u32,
    /// Whether the login must be bound to the TLS channel. Default: where both sides can.
    pub channel_binding: ChannelBinding,
    /// The only ways in which the server may let us in, by libpq's names: `none`, `password`, `md5`,
    /// `scram-sha-256`. Default (None): all that the other settings allow.
    pub require_auth: Option<Vec<String>>,
    /// The longest message accepted, in bytes. Default: 1 GiB.
    pub max_message: usize,
}

impl Config {
    /// The defaults, without a password.
    pub fn new(user: impl Into<String>, database: impl Into<String>) -> Self {
        Self {
            user: user.into(),
            database: database.into(),
            password: None,
            parameters: Vec::new(),
            allow_cleartext: false,
            allow_md5: false,
            scram_max_iterations: SCRAM_MAX_ITERATIONS,
            channel_binding: ChannelBinding::default(),
            require_auth: None,
            max_message: MAX_MESSAGE,
        }
    }
}

/// A password, which never appears in a `Debug` output.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Takes the password in.
    pub fn new(password: impl Into<String>) -> Self {
        Self(password.into())
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for Password {
    fn from(password: String) -> Self {
        Self(password)
    }
}

impl From<&str> for Password {
    fn from(password: &str) -> Self {
        Self(password.to_owned())
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("****")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_stay_out_of_debug_output() {
        let mut config = Config::new("ada", "library");
        config.password = Some("hunter2".into());
        let text = format!("{config:?}");
        assert!(text.contains("****") && !text.contains("hunter2"), "{text}");
    }
}
