//! What a try at delivering came to, by the step it ended at: one table for all of SMTP.

use lettre::transport::smtp;

use crate::model::text::fold_space;

/// What a try at delivering one message came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The server took the message.
    Sent {
        /// What it said.
        reply: String,
    },
    /// The server refuses this recipient or this message for good.
    Failed {
        /// What it said.
        reply: String,
    },
    /// Not now: the server puts it off, or the connection was lost while nothing could have arrived.
    Deferred {
        /// What it said.
        reply: String,
    },
    /// The connection was lost when the message may have arrived.
    Uncertain {
        /// How.
        why: String,
    },
    /// The way to the server is barred, whoever the recipient is: nobody fails, everybody waits.
    Halted {
        /// By what.
        why: String,
    },
}

/// A step of the SMTP dialogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Connect,
    Greeting,
    StartTls,
    Auth,
    Mail,
    Rcpt,
    Data,
    /// The body, the final dot not yet written.
    Body,
    /// The final dot, written or perhaps written.
    Dot,
}

impl Step {
    const fn name(self) -> &'static str {
        match self {
            Self::Connect => "connecting",
            Self::Greeting => "the greeting and EHLO",
            Self::StartTls => "STARTTLS",
            Self::Auth => "AUTH",
            Self::Mail => "MAIL FROM",
            Self::Rcpt => "RCPT TO",
            Self::Data => "DATA",
            Self::Body => "the message body",
            Self::Dot => "the end of the message",
        }
    }
}

/// What went wrong at a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The server refused, with this code (RFC 5321, section 4.2).
    Refused { code: u16, reply: String },
    /// No sensible answer: cut, timed out, or not SMTP.
    Lost { why: String },
}

impl Fault {
    pub(crate) fn lost(why: impl std::fmt::Display) -> Self {
        Self::Lost { why: readable(&why.to_string()) }
    }

    /// Whether the connection is of no further use: gone, out of step, or announced closed (421).
    pub(crate) const fn ends_the_connection(&self) -> bool {
        matches!(self, Self::Lost { .. } | Self::Refused { code: 421, .. })
    }
}

impl From<smtp::Error> for Fault {
    fn from(error: smtp::Error) -> Self {
        let Some(code) = error.status() else { return Self::lost(&error) };
        let text = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        let code: u16 = code.into();
        Self::Refused { code, reply: readable(&format!("{code} {text}")) }
    }
}

/// A server's words as one printable line.
pub(crate) fn readable(text: &str) -> String {
    let printable: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    fold_space(&printable).chars().take(400).collect()
}

impl Outcome {
    /// The table.
    pub(crate) fn of(step: Step, fault: Fault) -> Self {
        match (step, fault) {
            (Step::Connect | Step::Greeting | Step::StartTls | Step::Auth | Step::Mail, fault) => {
                Self::Halted { why: told(step, fault) }
            }
            // The server wants us to log in (RFC 4954, section 6): no recipient's fault.
            (Step::Rcpt | Step::Data, fault @ Fault::Refused { code: 530 | 534 | 535 | 538, .. }) => {
                Self::Halted { why: told(step, fault) }
            }
            (Step::Rcpt | Step::Data | Step::Body | Step::Dot, Fault::Refused { code: 500.., reply }) => {
                Self::Failed { reply }
            }
            (Step::Rcpt | Step::Data | Step::Body | Step::Dot, Fault::Refused { reply, .. }) => {
                Self::Deferred { reply }
            }
            // Without its final dot a message must not be delivered (RFC 5321, section 4.1.1.4).
            (Step::Rcpt | Step::Data | Step::Body, fault @ Fault::Lost { .. }) => {
                Self::Deferred { reply: told(step, fault) }
            }
            (Step::Dot, fault @ Fault::Lost { .. }) => Self::Uncertain { why: told(step, fault) },
        }
    }
}

fn told(step: Step, fault: Fault) -> String {
    match fault {
        Fault::Refused { reply, .. } => format!("the server refused {}: {reply}", step.name()),
        Fault::Lost { why } => format!("no answer to {}: {why}", step.name()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: [Step; 9] = [
        Step::Connect,
        Step::Greeting,
        Step::StartTls,
        Step::Auth,
        Step::Mail,
        Step::Rcpt,
        Step::Data,
        Step::Body,
        Step::Dot,
    ];

    fn refused(code: u16) -> Fault {
        Fault::Refused { code, reply: format!("{code} no") }
    }

    #[test]
    fn only_a_refusal_of_recipient_or_message_fails_a_recipient() {
        for step in STEPS {
            let failed = matches!(Outcome::of(step, refused(550)), Outcome::Failed { .. });
            let about_the_mail = matches!(step, Step::Rcpt | Step::Data | Step::Body | Step::Dot);
            assert_eq!(failed, about_the_mail, "{step:?}");
            assert!(!matches!(Outcome::of(step, refused(451)), Outcome::Failed { .. }), "{step:?}");
            assert!(!matches!(Outcome::of(step, Fault::lost("cut")), Outcome::Failed { .. }), "{step:?}");
        }
    }

    #[test]
    fn a_connection_lost_after_the_final_dot_and_only_then_is_uncertain() {
        for step in STEPS {
            let uncertain = matches!(Outcome::of(step, Fault::lost("cut")), Outcome::Uncertain { .. });
            assert_eq!(uncertain, step == Step::Dot, "{step:?}");
        }
    }

    #[test]
    fn a_server_that_wants_a_login_halts_all_and_fails_nobody() {
        assert!(matches!(Outcome::of(Step::Rcpt, refused(530)), Outcome::Halted { .. }));
    }

    #[test]
    fn a_servers_words_become_one_printable_line() {
        assert_eq!(readable("550-5.1.1 No\r\n550 such\u{7} user "), "550-5.1.1 No 550 such user");
    }
}
