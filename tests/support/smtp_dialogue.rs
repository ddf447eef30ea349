//! What the test server says on one connection, and where its faults strike.

use std::{future::pending, io, sync::Arc};

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};

use super::{At, Encryption, Fault, Kept, State};

pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Whether the dialogue goes on after a step.
enum Next {
    Go,
    Skip,
}

struct Dialogue {
    state: Arc<State>,
    stream: BufReader<Box<dyn Stream>>,
    encrypted: bool,
    connection: usize,
    from: String,
    to: Option<String>,
}

pub(super) async fn serve(state: Arc<State>, stream: Box<dyn Stream>, connection: usize) -> io::Result<()> {
    let implicit = state.manner.lock().unwrap().tls == Encryption::Implicit;
    let stream: Box<dyn Stream> = if implicit { Box::new(state.acceptor.accept(stream).await?) } else { stream };
    let stream = BufReader::new(stream);
    let mut dialogue = Dialogue { state, stream, encrypted: implicit, connection, from: String::new(), to: None };
    if let Next::Skip = dialogue.strike(At::Connect).await? {
        return Ok(());
    }
    dialogue.say("220 test.example ESMTP").await?;
    while let Some(line) = dialogue.line().await? {
        dialogue.state.commands.lock().unwrap().push(line.clone());
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        match verb.as_str() {
            "EHLO" => dialogue.ehlo().await?,
            "STARTTLS" => dialogue = dialogue.start_tls().await?,
            "AUTH" => dialogue.auth(&line).await?,
            "MAIL" => dialogue.mail(&line).await?,
            "RCPT" => dialogue.rcpt(&line).await?,
            "DATA" => dialogue.data().await?,
            "RSET" => {
                dialogue.forget();
                dialogue.say("250 forgotten").await?;
            }
            "QUIT" => {
                if let Next::Go = dialogue.strike(At::Quit).await? {
                    dialogue.say("221 bye").await?;
                }
                return Ok(());
            }
            _ => dialogue.say("500 what?").await?,
        }
    }
    Ok(())
}

impl Dialogue {
    async fn say(&mut self, line: &str) -> io::Result<()> {
        self.stream.get_mut().write_all(format!("{line}\r\n").as_bytes()).await?;
        self.stream.get_mut().flush().await
    }

    async fn line(&mut self) -> io::Result<Option<String>> {
        let mut line = Vec::new();
        let read = self.stream.read_until(b'\n', &mut line).await?;
        Ok((read > 0).then(|| String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_owned()))
    }

    /// Lets a fault strike here, where one is due.
    async fn strike(&mut self, at: At) -> io::Result<Next> {
        let fault = {
            let mut manner = self.state.manner.lock().unwrap();
            let due = manner.trouble.iter_mut().find(|trouble| trouble.is_due(at, self.to.as_deref()));
            due.and_then(|trouble| {
                let passed = trouble.after.checked_sub(1);
                trouble.after = passed.unwrap_or(0);
                trouble.times -= usize::from(passed.is_none());
                passed.is_none().then_some(trouble.fault)
            })
        };
        let Some(fault) = fault else { return Ok(Next::Go) };
        self.state.struck.send_modify(|struck| *struck += 1);
        match fault {
            Fault::Refuse(reply) => self.say(reply).await?,
            Fault::Rubbish => self.say("good evening").await?,
            Fault::Stall => pending().await,
            Fault::Cut => return Err(io::ErrorKind::ConnectionAborted.into()),
        }
        Ok(Next::Skip)
    }

    fn forget(&mut self) {
        self.from.clear();
        self.to = None;
    }

    async fn ehlo(&mut self) -> io::Result<()> {
        if let Next::Skip = self.strike(At::Ehlo).await? {
            return Ok(());
        }
        let manner = self.state.manner.lock().unwrap().clone();
        let mut lines = vec!["test.example".to_owned(), "8BITMIME".to_owned()];
        if manner.pipelining {
            lines.push("PIPELINING".to_owned());
        }
        if manner.tls == Encryption::StartTls && !self.encrypted {
            lines.push("STARTTLS".to_owned());
        }
        if manner.login.is_some() {
            lines.push(format!("AUTH {}", manner.mechanisms));
        }
        let last = lines.len() - 1;
        for (at, line) in lines.iter().enumerate() {
            let mark = if at == last { ' ' } else { '-' };
            self.say(&format!("250{mark}{line}")).await?;
        }
        Ok(())
    }

    async fn start_tls(mut self) -> io::Result<Self> {
        if let Next::Skip = self.strike(At::StartTls).await? {
            return Ok(self);
        }
        let smuggled = self.state.manner.lock().unwrap().smuggled;
        let answer = format!("220 go ahead\r\n{smuggled}");
        self.stream.get_mut().write_all(answer.as_bytes()).await?;
        self.stream.get_mut().flush().await?;
        let secured = self.state.acceptor.accept(self.stream.into_inner()).await?;
        Ok(Self { stream: BufReader::new(Box::new(secured)), encrypted: true, ..self })
    }

    async fn auth(&mut self, line: &str) -> io::Result<()> {
        if let Next::Skip = self.strike(At::Auth).await? {
            return Ok(());
        }
        let login = self.state.manner.lock().unwrap().login;
        let Some((user, password)) = login else { return self.say("503 no").await };
        let mut words = line.split(' ').skip(1);
        let right = match (words.next(), words.next()) {
            (Some("PLAIN"), Some(given)) => given == base64(&format!("\0{user}\0{password}")),
            (Some("LOGIN"), None) => {
                self.say(&format!("334 {}", base64("Username:"))).await?;
                let given_user = self.line().await?;
                self.say(&format!("334 {}", base64("Password:"))).await?;
                let given_password = self.line().await?;
                given_user == Some(base64(user)) && given_password == Some(base64(password))
            }
            _ => false,
        };
        self.say(if right { "235 welcome" } else { "535 5.7.8 wrong" }).await
    }

    async fn mail(&mut self, line: &str) -> io::Result<()> {
        if let Next::Skip = self.strike(At::Mail).await? {
            return Ok(());
        }
        self.forget();
        self.from = bracketed(line);
        self.say("250 sender ok").await
    }

    async fn rcpt(&mut self, line: &str) -> io::Result<()> {
        if self.from.is_empty() {
            return self.say("503 5.5.1 MAIL first").await;
        }
        self.to = Some(bracketed(line));
        if let Next::Skip = self.strike(At::Rcpt).await? {
            self.to = None;
            return Ok(());
        }
        self.say("250 recipient ok").await
    }

    async fn data_for_nobody(&mut self) -> io::Result<()> {
        if !self.state.manner.lock().unwrap().eager {
            return self.say("503 5.5.1 RCPT first").await;
        }
        self.say("354 go on").await?;
        while let Some(line) = self.line().await? {
            if line == "." {
                return self.say("554 5.5.1 no valid recipients").await;
            }
            self.state.commands.lock().unwrap().push(format!("for nobody: {line}"));
        }
        Ok(())
    }

    async fn data(&mut self) -> io::Result<()> {
        let Some(to) = self.to.clone() else { return self.data_for_nobody().await };
        if let Next::Skip = self.strike(At::Data).await? {
            return Ok(());
        }
        self.say("354 go on").await?;
        let mut body = String::new();
        let mut begun = false;
        loop {
            let Some(line) = self.line().await? else { return Ok(()) };
            if !begun {
                begun = true;
                if let Next::Skip = self.strike(At::Body).await? {
                    return Err(io::ErrorKind::ConnectionAborted.into());
                }
            }
            if line == "." {
                break;
            }
            body.push_str(line.strip_prefix('.').unwrap_or(&line));
            body.push_str("\r\n");
        }
        let refused = {
            let manner = self.state.manner.lock().unwrap();
            let due = manner.trouble.iter().find(|trouble| trouble.is_due(At::Dot, self.to.as_deref()));
            due.is_some_and(|trouble| trouble.after == 0 && matches!(trouble.fault, Fault::Refuse(_)))
        };
        if !refused {
            let kept =
                Kept { from: self.from.clone(), to, body, encrypted: self.encrypted, connection: self.connection };
            self.state.kept.lock().unwrap().push(kept);
            self.state.taken.send_modify(|taken| *taken += 1);
        }
        if let Next::Go = self.strike(At::Dot).await? {
            let thinks = self.state.manner.lock().unwrap().thinks;
            if !thinks.is_zero() {
                tokio::time::sleep(thinks).await;
            }
            self.say("250 2.0.0 taken").await?;
        }
        self.forget();
        Ok(())
    }
}

fn bracketed(line: &str) -> String {
    let start = line.find('<').map_or(0, |at| at + 1);
    let end = line.find('>').unwrap_or(line.len());
    line[start..end].to_owned()
}

/// Base64 with padding (RFC 4648), for what AUTH carries.
fn base64(text: &str) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in text.as_bytes().chunks(3) {
        let word = (0..3).fold(0_usize, |word, at| word << 8 | three.get(at).map_or(0, |byte| usize::from(*byte)));
        for place in 0..4 {
            let letter = if place > three.len() { b'=' } else { ALPHABET[word >> (18 - 6 * place) & 63] };
            out.push(char::from(letter));
        }
    }
    out
}
