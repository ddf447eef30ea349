//! A line of a journal: a letter, the ticket, what belongs to it, and a checksum, since a loss of power can leave
//! anything at the end of a file.

use std::io::Write as _;

use jiff::Timestamp;

use super::Ticket;
use crate::{
    model::DigestName,
    store::ledger::{DeliveryKey, Mark},
};

/// The first words of a journal.
const HEAD: &str = "pullquote-journal-1";

/// A line to be written.
#[derive(Debug)]
pub(super) enum Line<'a> {
    /// Begins a file.
    Head { boot: &'a str },
    /// A message is about to leave.
    Begun { ticket: Ticket, key: &'a DeliveryKey, message_id: &'a str },
    /// Its answer.
    Answered { ticket: Ticket, mark: &'a Mark },
    /// The ledger knows.
    Done { tickets: &'a [Ticket] },
}

/// A line that was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Read {
    Head { boot: String },
    Begun { ticket: Ticket, key: DeliveryKey, message_id: String },
    Answered { ticket: Ticket, mark: Mark },
    Done { tickets: Vec<Ticket> },
}

impl Line<'_> {
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let start = out.len();
        // Writing into memory does not fail.
        let _ = match self {
            Self::Head { boot } => write!(out, "{HEAD} {boot}"),
            Self::Begun { ticket, key, message_id } => {
                write!(out, "B {ticket} {} {} {} {message_id}", key.digest, key.number, key.subscriber_id)
            }
            Self::Answered { ticket, mark } => match mark {
                Mark::Sent { reply } => write!(out, "S {ticket} {}", one_line(reply)),
                Mark::Failed { reply } => write!(out, "F {ticket} {}", one_line(reply)),
                Mark::Deferred { reply, next_try } => {
                    write!(out, "L {ticket} {} {}", next_try.as_millisecond(), one_line(reply))
                }
                Mark::Uncertain { why } => write!(out, "U {ticket} {}", one_line(why)),
                Mark::Released => write!(out, "R {ticket} "),
            },
            Self::Done { tickets } => {
                let _ = out.write_all(b"D");
                tickets.iter().try_for_each(|ticket| write!(out, " {ticket}"))
            }
        };
        let sum = checksum(out.get(start..).unwrap_or_default());
        let _ = writeln!(out, " {sum:08x}");
    }
}

/// Reads a line without its end; `None` where it was not written so.
pub(super) fn read(line: &str) -> Option<Read> {
    let (text, sum) = line.rsplit_once(' ')?;
    if u32::from_str_radix(sum, 16).ok()? != checksum(text.as_bytes()) {
        return None;
    }
    let (kind, rest) = text.split_once(' ')?;
    if kind == HEAD {
        return Some(Read::Head { boot: rest.to_owned() });
    }
    if kind == "D" {
        let tickets: Result<_, _> = rest.split(' ').map(str::parse).collect();
        return Some(Read::Done { tickets: tickets.ok()? });
    }
    let (ticket, rest) = rest.split_once(' ')?;
    let ticket = ticket.parse().ok()?;
    let reply = || rest.to_owned();
    let mark = match kind {
        "B" => {
            let mut words = rest.splitn(4, ' ');
            let digest = DigestName::parse(words.next()?).ok()?;
            let (number, subscriber_id) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
            let key = DeliveryKey { digest, number, subscriber_id };
            return Some(Read::Begun { ticket, key, message_id: words.next()?.to_owned() });
        }
        "S" => Mark::Sent { reply: reply() },
        "F" => Mark::Failed { reply: reply() },
        "L" => {
            let (next_try, reply) = rest.split_once(' ')?;
            let next_try = Timestamp::from_millisecond(next_try.parse().ok()?).ok()?;
            Mark::Deferred { reply: reply.to_owned(), next_try }
        }
        "U" => Mark::Uncertain { why: reply() },
        "R" => Mark::Released,
        _ => return None,
    };
    Some(Read::Answered { ticket, mark })
}

fn one_line(text: &str) -> String {
    text.replace(['\r', '\n'], " ")
}

/// FNV-1a with 32 bits: against torn writes, not against anybody.
fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{key, sent},
        *,
    };

    fn written(line: &Line<'_>) -> String {
        let mut out = Vec::new();
        line.write(&mut out);
        let text = String::from_utf8(out).unwrap();
        text.strip_suffix('\n').unwrap().to_owned()
    }

    #[test]
    fn lines_are_read_as_they_were_written() {
        let next_try = Timestamp::from_second(1_700_000_000).unwrap();
        let marks = [
            sent(),
            Mark::Failed { reply: "550 5.1.1 nobody  here".to_owned() },
            Mark::Deferred { reply: "450 later".to_owned(), next_try },
            Mark::Uncertain { why: "cut".to_owned() },
            Mark::Uncertain { why: String::new() },
            Mark::Released,
        ];
        for mark in marks {
            let read = read(&written(&Line::Answered { ticket: 9, mark: &mark })).unwrap();
            assert_eq!(read, Read::Answered { ticket: 9, mark });
        }
        let begun = Line::Begun { ticket: 3, key: &key(-5), message_id: "a.b@x" };
        assert_eq!(
            read(&written(&begun)),
            Some(Read::Begun { ticket: 3, key: key(-5), message_id: "a.b@x".to_owned() })
        );
        assert_eq!(read(&written(&Line::Done { tickets: &[1, 22] })), Some(Read::Done { tickets: vec![1, 22] }));
        assert_eq!(read(&written(&Line::Head { boot: "" })), Some(Read::Head { boot: String::new() }));
    }

    #[test]
    fn a_reply_over_two_lines_stays_on_one() {
        let mark = Mark::Sent { reply: "250 a\r\nB 1 friday 7 1 x".to_owned() };
        assert!(!written(&Line::Answered { ticket: 1, mark: &mark }).contains(['\r', '\n']));
    }

    #[test]
    fn a_line_that_is_damaged_is_no_line() {
        let line = written(&Line::Begun { ticket: 3, key: &key(1), message_id: "a@x" });
        for end in 0..line.len() {
            assert_eq!(read(&line[..end]), None, "{}", &line[..end]);
        }
        assert_eq!(read(&line.replace("friday", "monday")), None);
        assert_eq!(read("\0\0\0\0"), None);
    }
}
