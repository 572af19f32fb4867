//! Python objects that are looked up once: classes of the standard library and of `ferrow.errors`.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

/// A callable or class imported on first use.
pub struct Lazy {
    module: &'static str,
    name: &'static str,
    cell: PyOnceLock<Py<PyAny>>,
}

impl Lazy {
    pub const fn new(module: &'static str, name: &'static str) -> Lazy {
        Lazy {
            module,
            name,
            cell: PyOnceLock::new(),
        }
    }

    pub fn get<'py>(&'py self, py: Python<'py>) -> PyResult<&'py Bound<'py, PyAny>> {
        self.cell
            .get_or_try_init(py, || {
                Ok(py.import(self.module)?.getattr(self.name)?.unbind())
            })
            .map(|object| object.bind(py))
    }
}

pub static FUTURE: Lazy = Lazy::new("asyncio", "Future");
pub static SSL_ERROR: Lazy = Lazy::new("ssl", "SSLError");
pub static SSL_WANTS_READ: Lazy = Lazy::new("ssl", "SSLWantReadError");
pub static SSL_ZERO_RETURN: Lazy = Lazy::new("ssl", "SSLZeroReturnError");
pub static REGULAR_SEARCH: Lazy = Lazy::new("ferrow.wire.sqlite_regular", "search");
pub static NUMBERS: Lazy = Lazy::new("array", "array");
pub static DEEPCOPY: Lazy = Lazy::new("copy", "deepcopy");
pub static DECIMAL: Lazy = Lazy::new("decimal", "Decimal");
pub static ENUM: Lazy = Lazy::new("enum", "Enum");
pub static IP_V4_ADDRESS: Lazy = Lazy::new("ipaddress", "IPv4Address");
pub static IP_V6_ADDRESS: Lazy = Lazy::new("ipaddress", "IPv6Address");
pub static IP_V4_NETWORK: Lazy = Lazy::new("ipaddress", "IPv4Network");
pub static IP_V6_NETWORK: Lazy = Lazy::new("ipaddress", "IPv6Network");
pub static JSON_DUMPS: Lazy = Lazy::new("json", "dumps");
pub static JSON_LOADS: Lazy = Lazy::new("json", "loads");
/// The codecs of this process, by type.
pub static CODECS: Lazy = Lazy::new("ferrow._core", "codecs");
pub static INTERVAL: Lazy = Lazy::new("ferrow.types.values.interval", "Interval");
pub static RANGE: Lazy = Lazy::new("ferrow.types.values.range", "Range");
pub static ARRAY: Lazy = Lazy::new("ferrow.types.values.array", "Array");
pub static SPARSE_VECTOR: Lazy = Lazy::new("ferrow.types.values.sparsevec", "SparseVector");
pub static POINT: Lazy = Lazy::new("ferrow.types.values.geometry", "Point");
pub static LINE: Lazy = Lazy::new("ferrow.types.values.geometry", "Line");
pub static LINE_SEGMENT: Lazy = Lazy::new("ferrow.types.values.geometry", "LineSegment");
pub static BOX: Lazy = Lazy::new("ferrow.types.values.geometry", "Box");
pub static PATH: Lazy = Lazy::new("ferrow.types.values.geometry", "Path");
pub static POLYGON: Lazy = Lazy::new("ferrow.types.values.geometry", "Polygon");
pub static CIRCLE: Lazy = Lazy::new("ferrow.types.values.geometry", "Circle");
pub static DATABASE_ERROR: Lazy = Lazy::new("ferrow.errors", "DatabaseError");
pub static DATA_ERROR: Lazy = Lazy::new("ferrow.errors", "DataError");
pub static OPERATIONAL_ERROR: Lazy = Lazy::new("ferrow.errors", "OperationalError");
pub static QUERY_CANCELLED: Lazy = Lazy::new("ferrow.errors", "QueryCancelled");
pub static INTERFACE_ERROR: Lazy = Lazy::new("ferrow.errors", "InterfaceError");
pub static FROM_SERVER: Lazy = Lazy::new("ferrow.errors", "from_server");
pub static FROM_SQLITE: Lazy = Lazy::new("ferrow.errors", "from_sqlite");

/// `uuid.UUID` with what is needed to build one without its slow constructor.
pub struct UuidType {
    pub class: Py<PyType>,
    pub set_int: Py<PyAny>,
    pub set_is_safe: Py<PyAny>,
    pub unknown: Py<PyAny>,
}

static UUID: PyOnceLock<UuidType> = PyOnceLock::new();

pub fn uuid_type(py: Python<'_>) -> PyResult<&UuidType> {
    UUID.get_or_try_init(py, || {
        let module = py.import(intern!(py, "uuid"))?;
        let class = module.getattr("UUID")?.cast_into::<PyType>()?;
        Ok(UuidType {
            set_int: class.getattr("int")?.unbind(),
            set_is_safe: class.getattr("is_safe")?.unbind(),
            unknown: module.getattr("SafeUUID")?.getattr("unknown")?.unbind(),
            class: class.unbind(),
        })
    })
}
