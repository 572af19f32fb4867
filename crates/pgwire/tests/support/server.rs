//! What a server says, from its words in a conversation.

use super::tokens::Token;

/// One message, header included.
pub fn message(name: &str, args: &[Token]) -> Vec<u8> {
    let (kind, body) = match name {
        "AuthenticationOk" => (b'R', int(0)),
        "AuthenticationCleartextPassword" => (b'R', int(3)),
        "AuthenticationMD5Password" => (b'R', [int(5), args[0].text().to_vec()].concat()),
        "AuthenticationSASL" => (b'R', [int(10), texts(args), vec![0]].concat()),
        "Authentication" => (b'R', number(&args[0])),
        "NegotiateProtocolVersion" => (
            b'v',
            [number(&args[0]), count4(args.len() - 1), texts(&args[1..])].concat(),
        ),
        "BackendKeyData" => (b'K', [number(&args[0]), args[1].text().to_vec()].concat()),
        "ParameterStatus" => (b'S', texts(args)),
        "ReadyForQuery" => (b'Z', args[0].word().as_bytes().to_vec()),
        "ParseComplete" => (b'1', vec![]),
        "BindComplete" => (b'2', vec![]),
        "CloseComplete" => (b'3', vec![]),
        "NoData" => (b'n', vec![]),
        "PortalSuspended" => (b's', vec![]),
        "EmptyQueryResponse" => (b'I', vec![]),
        "CopyDone" => (b'c', vec![]),
        "CopyData" => (b'd', args[0].text().to_vec()),
        "CopyInResponse" => (b'G', copy(args)),
        "CopyOutResponse" => (b'H', copy(args)),
        "CopyBothResponse" => (b'W', copy(args)),
        "CommandComplete" => (b'C', texts(args)),
        "ParameterDescription" => (
            b't',
            [count2(args.len()), args.iter().flat_map(number).collect()].concat(),
        ),
        "RowDescription" => (
            b'T',
            [count2(args.len()), args.iter().flat_map(column).collect()].concat(),
        ),
        "DataRow" => (
            b'D',
            [count2(args.len()), args.iter().flat_map(value).collect()].concat(),
        ),
        "ErrorResponse" => (b'E', fields(args)),
        "NoticeResponse" => (b'N', fields(args)),
        "NotificationResponse" => (b'A', [number(&args[0]), texts(&args[1..])].concat()),
        "Raw" => (args[0].word().as_bytes()[0], args[1].text().to_vec()),
        "Bytes" => return args[0].text().to_vec(),
        other => panic!("the scripted server does not know {other}"),
    };
    framed(kind, &body)
}

pub fn framed(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind][..], &count4(body.len() + 4), body].concat()
}

pub fn int(value: i32) -> Vec<u8> {
    value.to_be_bytes().to_vec()
}

fn number(token: &Token) -> Vec<u8> {
    int(token.word().parse().unwrap())
}

fn count2(count: usize) -> Vec<u8> {
    u16::try_from(count).unwrap().to_be_bytes().to_vec()
}

fn count4(count: usize) -> Vec<u8> {
    u32::try_from(count).unwrap().to_be_bytes().to_vec()
}

fn texts(args: &[Token]) -> Vec<u8> {
    args.iter()
        .flat_map(|text| [text.text(), b"\0"].concat())
        .collect()
}

/// `name:type`, with nothing known about table and modifier.
fn column(token: &Token) -> Vec<u8> {
    let (name, oid) = token.word().rsplit_once(':').unwrap();
    let oid = oid.parse::<i32>().unwrap().to_be_bytes();
    [
        name.as_bytes(),
        b"\0",
        &[0; 6],
        &oid,
        &[0, 4, 255, 255, 255, 255, 0, 0],
    ]
    .concat()
}

fn value(token: &Token) -> Vec<u8> {
    match token.value() {
        None => int(-1),
        Some(bytes) => [&count4(bytes.len())[..], bytes].concat(),
    }
}

fn fields(args: &[Token]) -> Vec<u8> {
    let mut body = Vec::new();
    for arg in args {
        let Token::Field(code, text) = arg else {
            panic!("C=\"…\" is needed, not {arg:?}")
        };
        body.extend_from_slice(&[code.as_bytes(), text, b"\0"].concat());
    }
    body.push(0);
    body
}

/// A number of columns, all of them text; `1 binary` says that they are not.
fn copy(args: &[Token]) -> Vec<u8> {
    let columns = args[0].word().parse().unwrap();
    let format = u8::from(args.len() > 1);
    [vec![format], count2(columns), [0, format].repeat(columns)].concat()
}
