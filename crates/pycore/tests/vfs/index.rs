//! The index of a write-ahead log: in memory as long as it is mapped, and mapped while nobody has begun what must not wait.

use std::ffi::c_int;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use std::{fs, thread};

use rusqlite::ffi;

use super::alone;
use super::opened::Opened;
use super::vfs::no_wait;

#[cfg(target_os = "linux")]
#[test]
fn the_index_of_a_log_stays_in_memory() {
    let _alone = alone();
    let mut file = Opened::new("stays");
    let before = locked();
    file.map();
    assert_eq!(locked() - before, 32);
    file.unmap();
    assert_eq!(locked(), before);
}

/// KiB that the system keeps in memory for this process.
#[cfg(target_os = "linux")]
fn locked() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmLck:"));
    line.unwrap()
        .split_whitespace()
        .nth(1)
        .unwrap()
        .parse()
        .unwrap()
}

#[test]
fn who_maps_waits_for_those_who_must_not_wait() {
    let _alone = alone();
    let mut file = Opened::new("waits");
    let mapped = AtomicBool::new(false);
    thread::scope(|scope| {
        let inside = no_wait::begin().expect("nobody is mapping");
        scope.spawn(|| {
            file.map();
            mapped.store(true, Ordering::SeqCst);
        });
        // Others do not begin any more, so those who have begun are soon through.
        let begun = || scope.spawn(|| no_wait::begin().is_some()).join().unwrap();
        let deadline = Instant::now() + Duration::from_secs(60);
        while begun() {
            assert!(!mapped.load(Ordering::SeqCst), "it did not wait");
            assert!(Instant::now() < deadline, "others still begin");
        }
        assert!(!mapped.load(Ordering::SeqCst));
        drop(inside);
    });
    assert!(mapped.load(Ordering::SeqCst));
    assert!(no_wait::begin().is_some());
    file.unmap();
}

/// How a child ends that is to end with this code. It is to take no lock that another thread of ours could have had.
#[cfg(target_os = "linux")]
fn in_child(code: impl FnOnce() -> c_int) -> c_int {
    // SAFETY: by contract, and all that the system is given lives here.
    unsafe {
        let child = libc::fork();
        if child == 0 {
            libc::alarm(60);
            libc::_exit(code());
        }
        let mut status = 0;
        assert_eq!(libc::waitpid(child, &raw mut status, 0), child);
        status
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_index_that_may_leave_memory_is_not_read() {
    let _alone = alone();
    let mut file = Opened::new("leaves");
    let status = in_child(|| {
        // A superuser may keep all in memory by a capability: version 3 of its structures, for this process.
        let (header, none) = ([0x2008_0522_u32, 0], [0_u32; 6]);
        let limit = libc::rlimit {
            rlim_cur: 0,
            rlim_max: 0,
        };
        // SAFETY: the system gets pointers to what lives here.
        unsafe {
            if libc::syscall(libc::SYS_capset, &raw const header, &raw const none) != 0
                || libc::setrlimit(libc::RLIMIT_MEMLOCK, &raw const limit) != 0
                || file.try_map() != ffi::SQLITE_OK
            {
                return 1;
            }
        }
        let flags = ffi::SQLITE_SHM_LOCK | ffi::SQLITE_SHM_SHARED;
        let _no_wait = no_wait::begin();
        c_int::from(file.shm_lock(3, flags) != ffi::SQLITE_INTERRUPT)
    });
    assert_eq!(status, 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_forked_child_does_not_wait_for_the_threads_of_its_parent() {
    let _alone = alone();
    let mut file = Opened::new("forked");
    let begun = Barrier::new(2);
    let forked = Barrier::new(2);
    thread::scope(|scope| {
        scope.spawn(|| {
            let _no_wait = no_wait::begin();
            begun.wait();
            forked.wait();
        });
        begun.wait();
        let status = in_child(|| file.try_map());
        forked.wait();
        assert_eq!(status, 0);
    });
}
