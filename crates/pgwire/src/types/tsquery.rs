//! tsquery: a count, then the nodes of a tree. An operator comes before its operands, and the right one before the left.

use std::fmt::Write;

use super::{malformed, tsvector};
use crate::error::DecodeError;
use crate::reader::Reader;

enum Node<'a> {
    Word {
        text: &'a str,
        weights: u8,
        is_prefix: bool,
    },
    Not,
    And,
    Or,
    /// Words so far from each other.
    Phrase(u16),
}

impl Node<'_> {
    /// How tightly it binds.
    const fn rank(&self) -> u8 {
        match self {
            Node::Or => 1,
            Node::And => 2,
            Node::Phrase(_) => 3,
            Node::Not => 4,
            Node::Word { .. } => 5,
        }
    }
}

/// Reads a tsquery, as the server writes its text: `'a':*A & !'b'`.
pub fn decode(bytes: &[u8]) -> Result<String, DecodeError> {
    let nodes = nodes(bytes)?;
    let ends = ends(&nodes).ok_or_else(|| malformed("tsquery", "its nodes are no tree"))?;
    Ok(text(&nodes, &ends))
}

fn nodes(bytes: &[u8]) -> Result<Vec<Node<'_>>, DecodeError> {
    let mut reader = Reader::new(bytes);
    let count = reader.i32()?;
    if count < 0 {
        return Err(malformed("tsquery", "its number of nodes is negative"));
    }
    let mut nodes = Vec::new();
    for _ in 0..count {
        nodes.push(match reader.u8()? {
            1 => Node::Word {
                weights: reader.u8()?,
                is_prefix: reader.u8()? != 0,
                text: reader.text()?,
            },
            2 => match reader.u8()? {
                1 => Node::Not,
                2 => Node::And,
                3 => Node::Or,
                4 => Node::Phrase(reader.u16()?),
                _ => return Err(malformed("tsquery", "it has an unknown operator")),
            },
            _ => return Err(malformed("tsquery", "it has a node of an unknown kind")),
        });
    }
    reader.end()?;
    Ok(nodes)
}

/// Where the part of the tree that begins with each node ends; None if they are not one tree.
fn ends(nodes: &[Node<'_>]) -> Option<Vec<usize>> {
    let mut ends = vec![0; nodes.len()];
    for (index, node) in nodes.iter().enumerate().rev() {
        let first = index.saturating_add(1);
        let end = match node {
            Node::Word { .. } => first,
            Node::Not => *ends.get(first)?,
            Node::And | Node::Or | Node::Phrase(_) => *ends.get(*ends.get(first)?)?,
        };
        *ends.get_mut(index)? = end;
    }
    match ends.first() {
        Some(end) if *end != nodes.len() => None,
        _ => Some(ends),
    }
}

enum Step {
    Node {
        index: usize,
        /// How tightly what it is an operand of binds, and whether it stands to the right in a phrase.
        around: u8,
        ends_phrase: bool,
    },
    Text(&'static str),
    Operator(usize),
}

/// Without recursion: a query may be deep.
fn text(nodes: &[Node<'_>], ends: &[usize]) -> String {
    let mut text = String::new();
    let operand = |index, around| Step::Node {
        index,
        around,
        ends_phrase: false,
    };
    let mut steps = vec![operand(0, 0)];
    while let Some(step) = steps.pop() {
        match step {
            Step::Text(piece) => text.push_str(piece),
            Step::Operator(index) => match nodes.get(index) {
                Some(Node::And) => text.push_str(" & "),
                Some(Node::Or) => text.push_str(" | "),
                Some(Node::Phrase(1)) => text.push_str(" <-> "),
                Some(Node::Phrase(distance)) => {
                    let _ = write!(text, " <{distance}> ");
                }
                _ => {}
            },
            Step::Node {
                index,
                around,
                ends_phrase,
            } => {
                let Some(node) = nodes.get(index) else {
                    continue;
                };
                let rank = node.rank();
                let is_phrase = matches!(node, Node::Phrase(_));
                if rank < around || is_phrase && ends_phrase {
                    text.push_str("( ");
                    steps.push(Step::Text(" )"));
                }
                let first = index.saturating_add(1);
                match node {
                    Node::Word {
                        text: word,
                        weights,
                        is_prefix,
                    } => write_word(word, *weights, *is_prefix, &mut text),
                    Node::Not => {
                        text.push('!');
                        steps.push(operand(first, rank));
                    }
                    Node::And | Node::Or | Node::Phrase(_) => {
                        steps.push(Step::Node {
                            index: first,
                            around: rank,
                            ends_phrase: is_phrase,
                        });
                        steps.push(Step::Operator(index));
                        steps.extend(ends.get(first).map(|left| operand(*left, rank)));
                    }
                }
            }
        }
    }
    text
}

fn write_word(word: &str, weights: u8, is_prefix: bool, text: &mut String) {
    tsvector::quote(word, text);
    if weights == 0 && !is_prefix {
        return;
    }
    text.push(':');
    if is_prefix {
        text.push('*');
    }
    for (bit, letter) in [(8, 'A'), (4, 'B'), (2, 'C'), (1, 'D')] {
        if weights & bit != 0 {
            text.push(letter);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{hex, prefixes_fail};

    #[test]
    fn as_the_server_writes_it() {
        // (a | !b:*AB) & 'c' <2> (d <-> e)
        let bytes = hex(
            "0000000a 0202 02040002 02040001 01000065 00 01000064 00 01000063 00
            0203 0201 010c01 6200 01000061 00",
        );
        let text = decode(&bytes).unwrap();
        assert_eq!(text, "( 'a' | !'b':*AB ) & 'c' <2> ( 'd' <-> 'e' )");
        prefixes_fail(&bytes, |bytes| decode(bytes).is_ok());
        assert_eq!(decode(&[0; 4]).unwrap(), "");
    }

    #[test]
    fn deep_ones() {
        let depth = 200_000_u32;
        let mut bytes = (depth + 1).to_be_bytes().to_vec();
        bytes.extend([2, 1].repeat(200_000));
        bytes.extend(hex("01000061 00"));
        assert_eq!(decode(&bytes).unwrap().len(), 200_003);
    }

    #[test]
    fn what_is_no_tsquery() {
        for bytes in [
            "",
            "ffffffff",
            "7fffffff",
            "00000000 00",
            "00000001 0201",
            "00000001 0205",
            "00000001 03",
            "00000002 0202 01000061 00",
            "00000002 01000061 00 01000061 00",
        ] {
            assert!(decode(&hex(bytes)).is_err(), "{bytes}");
        }
    }
}
