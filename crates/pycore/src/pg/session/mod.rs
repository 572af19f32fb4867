//! The session object as Python sees it. `asyncio` is what event loops and the asyncio wire call, `blocking` what the blocking
//! wire calls, `state` what a session knows and is told.

mod asyncio;
mod blocking;
pub mod deliver;
pub mod ending;
pub mod hashing;
mod pipelined;
mod state;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use pgwire::{ChannelBinding, Config, Password, Session};
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};

use crate::fork::Process;
use crate::pg::blocking::channel::Channel;
use crate::pg::core::Core;
use crate::pg::core::turn::Turn;
use crate::pg::prepared::cache::Cache;
use crate::pg::prepared::naming::{Naming, PgPooler};
use crate::pg::types::Types;
use crate::pg::types::codec::{Codec, canonical};
use crate::raise::interface_error;

/// Bytes read from the socket at once.
const BUFFER: usize = 128 * 1024;

#[pyclass(subclass, module = "ferrow._core")]
pub struct PgSession {
    pub core: Core,
    pub buffer: Box<[u8]>,
    /// The memoryview that the event loop reads into; made once, it points into `buffer`.
    pub view: Option<Py<PyAny>>,
    pub transport: Option<Py<PyAny>>,
    pub call_soon: Option<Py<PyAny>>,
    pub create_future: Option<Py<PyAny>>,
    pub flush_scheduled: bool,
    pub turn: Turn,
    pub channel: Option<Channel>,
    /// The transport may have bytes of ours that it has not sent yet.
    pub behind: bool,
    pub on_hashing: Option<Py<PyAny>>,
    pub on_notice: Option<Py<PyAny>>,
    pub on_notification: Option<Py<PyAny>>,
    pub process: Process,
    /// Set by a thread that closes the connection while another one uses it: the error the other one gets is no connection loss.
    pub closing: Arc<AtomicBool>,
}

#[pymethods]
impl PgSession {
    #[new]
    #[pyo3(signature = (
        *, user, database, password, parameters, allow_cleartext, allow_md5, scram_max_iterations,
        statement_cache_size, statement_prefix, prepared_statements, pooler, codecs=Vec::new(), channel_binding="prefer",
        require_auth=None
    ))]
    #[allow(clippy::too_many_arguments)] // keyword-only; mirrors ferrow.wire.settings
    fn new(
        py: Python<'_>,
        user: String,
        database: String,
        password: Option<String>,
        parameters: Vec<(String, String)>,
        allow_cleartext: bool,
        allow_md5: bool,
        scram_max_iterations: u32,
        statement_cache_size: usize,
        statement_prefix: String,
        prepared_statements: &str,
        pooler: &Bound<'_, PgPooler>,
        codecs: Vec<Bound<'_, PyAny>>,
        channel_binding: &str,
        require_auth: Option<Vec<String>>,
    ) -> PyResult<PgSession> {
        let mut config = Config::new(user, database);
        config.password = password.map(Password::new);
        config.parameters = parameters;
        config.allow_cleartext = allow_cleartext;
        config.allow_md5 = allow_md5;
        config.scram_max_iterations = scram_max_iterations;
        config.channel_binding = match channel_binding {
            "disable" => ChannelBinding::Disable,
            "require" => ChannelBinding::Require,
            _ => ChannelBinding::Prefer,
        };
        config.require_auth = require_auth;
        let naming = Naming::new(prepared_statements, pooler.get(), statement_prefix)
            .ok_or_else(|| interface_error(py, "prepared_statements is auto, named or unnamed"))?;
        let session =
            Session::new(config).map_err(|refused| interface_error(py, refused.message))?;
        Ok(PgSession {
            core: Core::new(
                session,
                Cache::new(statement_cache_size),
                types(py, &codecs)?,
                naming,
            ),
            buffer: vec![0; BUFFER].into_boxed_slice(),
            view: None,
            transport: None,
            call_soon: None,
            create_future: None,
            flush_scheduled: false,
            turn: Turn::default(),
            channel: None,
            behind: true,
            on_hashing: None,
            on_notice: None,
            on_notification: None,
            process: Process::current(),
            closing: Arc::default(),
        })
    }

    // A transport refers to its protocol, and the view to its session.

    fn __traverse__(&self, visit: PyVisit<'_>) -> std::result::Result<(), PyTraverseError> {
        visit.call(&self.view)?;
        visit.call(&self.transport)?;
        visit.call(&self.call_soon)?;
        visit.call(&self.create_future)?;
        visit.call(&self.on_hashing)?;
        visit.call(&self.on_notice)?;
        visit.call(&self.on_notification)?;
        self.core.traverse(&visit)
    }

    fn __clear__(&mut self) {
        self.view = None;
        self.transport = None;
        self.call_soon = None;
        self.create_future = None;
        self.on_hashing = None;
        self.on_notice = None;
        self.on_notification = None;
        self.core.clear();
    }
}

/// What a new session knows: the codecs of the process, and its own, which come before them.
fn types(py: Python<'_>, codecs: &[Bound<'_, PyAny>]) -> PyResult<Types> {
    let mut all = Codec::registered(py, canonical)?;
    for codec in codecs {
        all.push(Codec::new(codec, canonical)?);
    }
    Ok(Types::new(all))
}
