//! What signing promises; signatures are checked here by ring, and by an independent verifier in `.ci`.

use ring::{
    digest::{SHA256, digest},
    signature::{ED25519, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey},
};

use super::*;

const MAIL: &str = "From: Club <a@example.org>\r\nTo: ann@readers.example\r\nSubject:  Two\r\n  rows \r\n\
    List-Unsubscribe: <https://x.example/u/TOKEN>\r\nContent-Type: text/plain\r\n\r\nHello  there \r\n\r\nTOKEN\r\n\r\n";

fn signers(kinds: &[Kind]) -> Signers {
    let signer = |kind: &Kind| {
        let key = PrivateKey::from_pem(&generate(*kind).unwrap()).unwrap();
        Arc::new(Signer { domain: "example.org".to_owned(), selector: kind.as_str().to_owned(), key })
    };
    Signers(kinds.iter().map(signer).collect())
}

fn signed(signers: &Signers, mail: &str) -> String {
    let mut message = mail.to_owned();
    signers.sign(&mut message, &BodyHash::of_message(mail), Timestamp::from_second(1_800_000_000).unwrap()).unwrap();
    message
}

/// The value of a tag of a signature, white space taken out.
fn tag(header: &str, name: &str) -> String {
    let value = header.split_once(':').unwrap().1;
    let tags = value.split(';').filter_map(|tag| tag.split_once('='));
    let (_, value) = tags.into_iter().find(|(known, _)| known.trim() == name).unwrap();
    value.split_whitespace().collect()
}

/// Checks the first signature of a message as a receiver would, from the message alone.
fn verifies(message: &str, key: &PrivateKey) -> bool {
    let (head, _) = message.split_once("\r\n\r\n").unwrap();
    let headers: Vec<String> =
        head.replace("\r\n ", "\u{1} ").split("\r\n").map(|h| h.replace('\u{1}', "\r\n")).collect();
    let own = &headers[0];
    if tag(own, "bh") != STANDARD.encode(BodyHash::of_message(message).0) {
        return false;
    }
    let mut left: Vec<&String> = headers[1..].iter().collect();
    let mut text = String::new();
    for name in tag(own, "h").split(':') {
        if let Some(at) = left.iter().rposition(|h| h.split(':').next().unwrap().eq_ignore_ascii_case(name)) {
            relaxed::header(left.remove(at), &mut text);
        }
    }
    let bare = &own[..own.rfind("b=").unwrap() + 2];
    relaxed::header(bare, &mut text);
    let text = text.trim_end_matches("\r\n").as_bytes();
    let (signature, public) = (STANDARD.decode(tag(own, "b")).unwrap(), STANDARD.decode(key.public()).unwrap());
    match key.kind() {
        Kind::Ed25519 => {
            UnparsedPublicKey::new(&ED25519, public).verify(digest(&SHA256, text).as_ref(), &signature).is_ok()
        }
        // ring wants the key without the info around it, which has a fixed length at 2048 bits.
        Kind::Rsa => {
            UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &public[24..]).verify(text, &signature).is_ok()
        }
    }
}

#[test]
fn both_kinds_verify_and_any_change_is_found() {
    for kind in [Kind::Ed25519, Kind::Rsa] {
        let signers = signers(&[kind]);
        let key = &signers.0[0].key;
        let message = signed(&signers, MAIL);
        assert!(message.ends_with(MAIL) && verifies(&message, key), "{kind:?}\n{message}");
        for (from, to) in [("there", "where"), ("Two", "Three"), ("ann@", "ben@"), ("x.example", "y.example")] {
            assert!(!verifies(&message.replace(from, to), key), "{kind:?} {from}");
        }
        let added = message.replace("\r\nTo: ", "\r\nFrom: Mallory <m@evil.example>\r\nTo: ");
        assert!(!verifies(&added, key), "a second sender was let in");
        let refolded = message.replace("Hello  there \r\n", "Hello there\r\n").replace("Two\r\n  rows", "Two rows");
        assert!(verifies(&refolded, key), "{kind:?}: white space does not count");
    }
}

#[test]
fn lines_stay_short_and_every_key_signs() {
    let message = signed(&signers(&[Kind::Rsa, Kind::Ed25519]), MAIL);
    assert_eq!(message.matches("DKIM-Signature:").count(), 2);
    assert!(message.split("\r\n").all(|line| line.len() <= 78), "{message}");
    assert!(message.contains("d=example.org;\r\n s=rsa; t=1800000000;"));
}

#[test]
fn a_body_in_stretches_has_the_hash_of_the_whole() {
    let token = "0123456789abcdef0123456789ABCDEF";
    let body = Body::new([(" a  b \r\nlink/", 0..20), ("=\r\n", 20..32), (" .\r\n  \r\n", 0..0)]);
    let whole = format!("X: y\r\n\r\n a  b \r\nlink/{}=\r\n{} .\r\n  \r\n", &token[..20], &token[20..]);
    assert_eq!(body.hash(token), BodyHash::of_message(&whole));
    assert_ne!(body.hash(token), body.hash(&token.to_lowercase()));
}

#[test]
fn a_key_signs_for_its_own_domain_alone_and_files_that_are_none_are_named() {
    let signers = signers(&[Kind::Ed25519]);
    assert!(!signers.of_domain("EXAMPLE.org").is_empty());
    assert!(signers.of_domain("lists.example.org").is_empty());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("no.pem");
    let key = || DkimKey { domain: "example.org".into(), selector: "s".into(), file: file.clone() };
    assert!(Signers::load(&[key()]).unwrap_err().to_string().contains("no.pem"));
    std::fs::write(&file, "hello").unwrap();
    assert!(Signers::load(&[key()]).unwrap_err().to_string().contains("no private key"));
}

#[test]
fn the_public_half_is_in_the_form_that_receivers_read() {
    let signers = signers(&[Kind::Ed25519, Kind::Rsa]);
    let (ed25519, rsa) = (&signers.0[0], &signers.0[1]);
    assert_eq!(STANDARD.decode(ed25519.key.public()).unwrap().len(), 32);
    assert!(rsa.key.public().starts_with("MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA"), "{}", rsa.key.public());
    assert!(rsa.key.record().starts_with("v=DKIM1; k=rsa; p=MII"));
    assert_eq!(rsa.record_name(), "rsa._domainkey.example.org");
}
