//! The signature under what a hub pushes (WebSub, section 8.1): an HMAC over the body, by the secret that only the
//! hub and we know.

use hmac::{Hmac, Mac, digest::KeyInit};
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};

/// Whether a header such as `sha256=1f9a…` signs the body. Methods that the specification does not name sign
/// nothing.
pub fn holds(header: &str, secret: &str, body: &[u8]) -> bool {
    let Some((method, hex)) = header.trim().split_once('=') else { return false };
    let Some(signature) = bytes(hex) else { return false };
    match method.to_ascii_lowercase().as_str() {
        "sha1" => verify::<Hmac<Sha1>>(secret, body, &signature),
        "sha256" => verify::<Hmac<Sha256>>(secret, body, &signature),
        "sha384" => verify::<Hmac<Sha384>>(secret, body, &signature),
        "sha512" => verify::<Hmac<Sha512>>(secret, body, &signature),
        _ => false,
    }
}

/// Compares in constant time.
fn verify<M: Mac + KeyInit>(secret: &str, body: &[u8], signature: &[u8]) -> bool {
    <M as KeyInit>::new_from_slice(secret.as_bytes())
        .is_ok_and(|mac| mac.chain_update(body).verify_slice(signature).is_ok())
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits: Vec<u32> = hex.trim().chars().map(|c| c.to_digit(16)).collect::<Option<_>>()?;
    let pairs = digits.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return None;
    }
    pairs.map(|pair| u8::try_from(pair.iter().fold(0, |n, digit| n * 16 + digit)).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 2202 and RFC 4231, test case 2.
    const SECRET: &str = "Jefe";
    const BODY: &[u8] = b"what do ya want for nothing?";
    const SHA1: &str = "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79";
    const SHA256: &str = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

    #[test]
    fn the_right_signature_holds_and_no_other() {
        assert!(holds(&format!("sha1={SHA1}"), SECRET, BODY));
        assert!(holds(&format!("SHA256={}", SHA256.to_uppercase()), SECRET, BODY));
        for header in [
            format!("sha1={SHA256}"),
            format!("sha512={SHA256}"),
            format!("md5={SHA1}"),
            format!("sha256={}", &SHA256[2..]),
            format!("sha256={}", &SHA256[1..]),
            SHA256.to_owned(),
            "sha256=".to_owned(),
            "sha256=zz".to_owned(),
            String::new(),
        ] {
            assert!(!holds(&header, SECRET, BODY), "{header}");
        }
        assert!(!holds(&format!("sha256={SHA256}"), "other", BODY));
        assert!(!holds(&format!("sha256={SHA256}"), SECRET, b"what do ya want for nothing!"));
    }
}
