//! What the system can say without waiting for a disk or for another machine: Linux can, and is asked; of others nobody knows.

#[cfg(target_os = "linux")]
pub use linux::{exists, install, keep_in_memory, medium};
#[cfg(not(target_os = "linux"))]
pub use unknown::{exists, install, keep_in_memory, medium};

/// What a file is on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Medium {
    /// Memory of this machine.
    Memory,
    /// A disk of this machine, which also grants the locks.
    Disk,
    /// Anything else: another machine, a program, a system that cannot tell.
    Unknown,
}

#[cfg(target_os = "linux")]
mod linux {
    use std::ffi::{CStr, c_int, c_void};
    use std::mem::{size_of, zeroed};
    use std::sync::OnceLock;

    use rusqlite::ffi;

    use super::super::no_wait;
    use super::Medium;

    type Pread = unsafe extern "C" fn(c_int, *mut c_void, usize, i64) -> isize;

    /// As SQLite calls it without us.
    static PREAD: OnceLock<Pread> = OnceLock::new();

    /// File systems, by the numbers of statfs(2): tmpfs, ramfs.
    const IN_MEMORY: [u32; 2] = [0x0102_1994, 0x8584_58f6];
    /// ext, XFS, Btrfs, F2FS, overlayfs, bcachefs, ZFS, SquashFS, EROFS.
    const ON_DISK: [u32; 9] = [
        0xef53,
        0x5846_5342,
        0x9123_683e,
        0xf2f5_2010,
        0x794c_7630,
        0xca45_1a4e,
        0x2fc1_2fc1,
        0x7371_7368,
        0xe0f5_e1e2,
    ];

    /// Makes the VFS read by `pread`.
    ///
    /// # Safety
    /// `vfs` must be registered, and no connection be open.
    pub unsafe fn install(vfs: *mut ffi::sqlite3_vfs) {
        // SAFETY: by contract; what SQLite has under this name is a function of this signature, and so is ours.
        unsafe {
            let (Some(get), Some(set)) = ((*vfs).xGetSystemCall, (*vfs).xSetSystemCall) else {
                return;
            };
            if let Some(original) = get(vfs, c"pread".as_ptr()) {
                PREAD
                    .get_or_init(|| std::mem::transmute::<unsafe extern "C" fn(), Pread>(original));
                let ours = std::mem::transmute::<Pread, unsafe extern "C" fn()>(pread);
                set(vfs, c"pread".as_ptr(), Some(ours));
            }
        }
    }

    /// pread(2), which fails with EAGAIN for what is not in memory where nobody may wait.
    unsafe extern "C" fn pread(file: c_int, into: *mut c_void, length: usize, at: i64) -> isize {
        // SAFETY: the arguments are those of pread, which SQLite answers for. On a machine of 64 bits the offset is the first of
        // two registers; on one of 32 it is split over both.
        unsafe {
            if !no_wait::is_on() {
                return match PREAD.get() {
                    Some(original) => original(file, into, length, at),
                    None => libc::pread64(file, into, length, at),
                };
            }
            let vector = libc::iovec {
                iov_base: into,
                iov_len: length,
            };
            let high = if cfg!(target_pointer_width = "64") {
                0
            } else {
                at >> 32
            };
            let read = libc::syscall(
                libc::SYS_preadv2,
                file,
                &raw const vector,
                1,
                at as libc::c_long,
                high as libc::c_long,
                libc::RWF_NOWAIT,
            ) as isize;
            if read == 0 && !is_end(file, at) {
                *libc::__errno_location() = libc::EAGAIN;
                return -1;
            }
            read
        }
    }

    /// Linux 5.9 and 5.10 say by 0 that what is there is not in memory (preadv2(2), "BUGS"). To SQLite it would be zeros.
    fn is_end(file: c_int, at: i64) -> bool {
        // SAFETY: all bits of it may be zero, and it lives here.
        unsafe {
            let mut status: libc::stat = zeroed();
            libc::fstat(file, &raw mut status) == 0 && at >= status.st_size
        }
    }

    /// Whether there is a file that is not empty, as far as that can be said from memory.
    pub fn exists(path: &CStr) -> Option<bool> {
        // SAFETY: of both structures all bits may be zero; the system gets pointers to what lives here, and the size of it. The
        // descriptor is only a place (O_PATH), so that to close it ends no lock of the process.
        unsafe {
            let mut how: libc::open_how = zeroed();
            how.flags = (libc::O_PATH | libc::O_CLOEXEC) as u64;
            how.resolve = libc::RESOLVE_CACHED;
            let size = size_of::<libc::open_how>();
            let opened = libc::syscall(
                libc::SYS_openat2,
                libc::AT_FDCWD,
                path.as_ptr(),
                &raw mut how,
                size,
            );
            let Ok(place @ 0..) = c_int::try_from(opened) else {
                let error = std::io::Error::last_os_error();
                return (error.kind() == std::io::ErrorKind::NotFound).then_some(false);
            };
            let mut status: libc::stat = zeroed();
            let found = libc::fstat(place, &raw mut status) == 0;
            libc::close(place);
            let plain = status.st_mode & libc::S_IFMT == libc::S_IFREG;
            found.then_some(!plain || status.st_size > 0)
        }
    }

    /// Whether so many bytes stay in memory from now on, until they are no longer mapped. The system may refuse (RLIMIT_MEMLOCK).
    pub fn keep_in_memory(mapped: *const c_void, length: usize) -> bool {
        // SAFETY: mlock(2) touches nothing, and fails where nothing is mapped.
        unsafe { libc::mlock(mapped, length) == 0 }
    }

    pub fn medium(path: &CStr) -> Medium {
        // SAFETY: all bits of it may be zero, and it lives here.
        let kind = unsafe {
            let mut status: libc::statfs = zeroed();
            match libc::statfs(path.as_ptr(), &raw mut status) {
                0 => status.f_type as u32,
                _ => return Medium::Unknown,
            }
        };
        match kind {
            _ if IN_MEMORY.contains(&kind) => Medium::Memory,
            _ if ON_DISK.contains(&kind) => Medium::Disk,
            _ => Medium::Unknown,
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod unknown {
    use std::ffi::{CStr, c_void};

    use rusqlite::ffi;

    use super::Medium;

    /// Nothing to install.
    ///
    /// # Safety
    /// Always safe.
    pub unsafe fn install(_vfs: *mut ffi::sqlite3_vfs) {}

    pub fn exists(_path: &CStr) -> Option<bool> {
        None
    }

    pub fn keep_in_memory(_mapped: *const c_void, _length: usize) -> bool {
        false
    }

    pub fn medium(_path: &CStr) -> Medium {
        Medium::Unknown
    }
}
