//! Golden conversations: what is sent and what happens, however the server's bytes arrive.
//!
//! `UPDATE=1 cargo test -p pgwire` writes what happened into the files; review it in the diff.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use support::conversation::{Feed, Player};

fn scripts() -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conversations");
    let mut scripts: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), fs::read_to_string(path).unwrap()))
        .collect();
    scripts.sort();
    assert!(scripts.len() >= 20, "the conversations are gone");
    scripts
}

#[test]
fn the_scripted_server_knows_scram() {
    support::scram::check_against_the_rfc();
}

#[test]
fn conversations_go_as_written() {
    for (path, script) in scripts() {
        let transcript = Player::play(&script, Feed::Whole).transcript;
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&path, &transcript).unwrap();
        } else {
            assert_eq!(transcript, script, "{}", path.display());
        }
    }
}

#[test]
fn byte_by_byte_makes_no_difference() {
    for (path, script) in scripts() {
        let whole = Player::play(&script, Feed::Whole).transcript;
        assert_eq!(
            Player::play(&script, Feed::Bytes).transcript,
            whole,
            "{}",
            path.display()
        );
    }
}

#[test]
fn a_cut_anywhere_makes_no_difference() {
    for (path, script) in scripts() {
        let whole = Player::play(&script, Feed::Whole);
        for cut in 0..whole.offset {
            let transcript = Player::play(&script, Feed::Cut(cut)).transcript;
            assert_eq!(
                transcript,
                whole.transcript,
                "{} cut at {cut}",
                path.display()
            );
        }
    }
}

#[test]
fn the_fast_path_leads_to_the_same() {
    let mut taken = 0;
    for (path, script) in scripts() {
        let whole = Player::play(&script, Feed::Whole);
        let fast = Player::play_fast(&script, Feed::Whole);
        taken += usize::from(script.contains("= Complete"));
        assert_eq!(fast.transcript, whole.transcript, "{}", path.display());
        for cut in 0..whole.offset {
            let transcript = Player::play_fast(&script, Feed::Cut(cut)).transcript;
            let path = path.display();
            assert_eq!(transcript, whole.transcript, "{path} cut at {cut}");
        }
    }
    assert!(taken > 10);
}

#[test]
fn the_fast_path_is_as_strict() {
    for (path, script) in scripts() {
        let bytes = Player::play(&script, Feed::Whole).offset;
        for at in 0..bytes {
            for mask in [0xff, 0x80, 0x01, 0x20, 0x04] {
                if !script.contains("Scram") {
                    let feed = Feed::Damage { at, mask };
                    let slow = Player::play(&script, feed).transcript;
                    let fast = Player::play_fast(&script, feed).transcript;
                    assert_eq!(fast, slow, "{} {feed:?}", path.display());
                }
            }
        }
    }
}

/// Whatever a damaged byte does, it is an error or other events, never a panic or an endless loop.
#[test]
fn no_damaged_byte_is_fatal() {
    let mut cases = 0;
    for (_, script) in scripts() {
        let bytes = Player::play(&script, Feed::Whole).offset;
        for at in 0..bytes {
            for mask in [0xff, 0x80, 0x01, 0x20, 0x04] {
                // A conversation may answer what was damaged, so its own checks may fail too.
                if !script.contains("Scram") {
                    Player::play(&script, Feed::Damage { at, mask });
                    cases += 1;
                }
            }
        }
    }
    assert!(cases >= 1_800, "{cases}");
}

/// As long as they like, or judged by others than the reader of messages.
const OPEN: [&str; 4] = ["CopyData", "BackendKeyData", "Bytes", "Raw"];
/// They have no body that a byte could be taken from.
const EMPTY: [&str; 7] = [
    "ParseComplete",
    "BindComplete",
    "CloseComplete",
    "NoData",
    "PortalSuspended",
    "EmptyQueryResponse",
    "CopyDone",
];

/// A length that has grown by a bit takes in what follows: passed over, an answer would be lost.
#[test]
fn a_body_with_a_byte_too_many_or_too_few_is_an_error() {
    let mut tried = BTreeSet::new();
    for (path, script) in scripts() {
        let whole = Player::play(&script, Feed::Whole).transcript;
        if script.contains("Scram") || whole.contains("= Error") {
            continue;
        }
        let said = script.lines().filter_map(|line| line.strip_prefix("B "));
        for (message, line) in said.enumerate() {
            let name = line.split(' ').next().unwrap();
            if OPEN.contains(&name) {
                continue;
            }
            let kind = if name.starts_with("Authentication") {
                "Authentication"
            } else {
                name
            };
            let wrong = format!("= Error \"{kind} ");
            for by in if EMPTY.contains(&name) { 1..2 } else { -1..2 } {
                let feed = Feed::Resized { message, by };
                let slow = Player::play(&script, feed).transcript;
                let fast = Player::play_fast(&script, feed).transcript;
                let place = format!("{name} {by:+}, {}", path.display());
                assert_eq!(fast, slow, "{place}");
                assert_eq!(slow.contains(&wrong), by != 0, "{place}");
            }
            tried.insert(name.to_owned());
        }
    }
    assert!(tried.len() >= 20, "{tried:?}");
}
