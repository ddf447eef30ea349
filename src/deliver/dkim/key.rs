//! Keys: made, read from PEM, signed with, and their public half as it stands in the DNS.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::{
    digest::{SHA256, digest},
    rand::SystemRandom,
    signature::{Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair},
};
use rsa::pkcs8::{EncodePrivateKey as _, LineEnding};
use rustls::pki_types::{PrivateKeyDer, pem::PemObject as _};

/// Bits of the RSA keys that we make: what receivers ask for at least and all of them take.
const RSA_BITS: usize = 2048;

/// Which signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Known to every receiver.
    Rsa,
    /// Short and fast (RFC 8463); not every receiver knows it yet, so it goes beside the other.
    Ed25519,
}

impl Kind {
    /// The word of `k=`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rsa => "rsa",
            Self::Ed25519 => "ed25519",
        }
    }

    /// The word of `a=`.
    pub(super) const fn algorithm(self) -> &'static str {
        match self {
            Self::Rsa => "rsa-sha256",
            Self::Ed25519 => "ed25519-sha256",
        }
    }
}

/// A private key. Its debug form shows the public half only.
#[derive(Debug)]
pub struct PrivateKey(Pair);

#[derive(Debug)]
enum Pair {
    Rsa(Box<RsaKeyPair>),
    Ed25519(Ed25519KeyPair),
}

impl PrivateKey {
    /// Reads a key in PEM: PKCS #8, or the older PKCS #1 of RSA.
    ///
    /// # Errors
    /// Where there is none that we sign with, as a sentence.
    pub fn from_pem(pem: &str) -> Result<Self, String> {
        let der = PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| "it holds no private key in PEM form")?;
        let rsa = match &der {
            PrivateKeyDer::Pkcs1(der) => RsaKeyPair::from_der(der.secret_pkcs1_der()),
            PrivateKeyDer::Pkcs8(der) => {
                if let Ok(pair) = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der.secret_pkcs8_der()) {
                    return Ok(Self(Pair::Ed25519(pair)));
                }
                RsaKeyPair::from_pkcs8(der.secret_pkcs8_der())
            }
            _ => return Err("it is neither an RSA nor an Ed25519 key".to_owned()),
        };
        let rsa = rsa.map_err(|why| format!("it is neither Ed25519 nor RSA of 2048 to 4096 bits ({why})"))?;
        Ok(Self(Pair::Rsa(Box::new(rsa))))
    }

    /// Which signature it makes.
    pub const fn kind(&self) -> Kind {
        match &self.0 {
            Pair::Rsa(_) => Kind::Rsa,
            Pair::Ed25519(_) => Kind::Ed25519,
        }
    }

    /// The public half, as `p=` wants it: SubjectPublicKeyInfo for RSA, the bare 32 bytes for Ed25519.
    pub fn public(&self) -> String {
        match &self.0 {
            Pair::Rsa(pair) => STANDARD.encode(public_key_info(pair.public().as_ref())),
            Pair::Ed25519(pair) => STANDARD.encode(pair.public_key().as_ref()),
        }
    }

    /// The text of the DNS record.
    pub fn record(&self) -> String {
        format!("v=DKIM1; k={}; p={}", self.kind().as_str(), self.public())
    }

    /// Signs canonical text.
    pub(super) fn sign(&self, text: &[u8]) -> Result<Vec<u8>, String> {
        match &self.0 {
            // RFC 8463, section 3: what is signed is the hash.
            Pair::Ed25519(pair) => Ok(pair.sign(digest(&SHA256, text).as_ref()).as_ref().to_vec()),
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text, &mut signature)
                    .map_err(|_| "the DKIM key could not sign".to_owned())?;
                Ok(signature)
            }
        }
    }
}

/// Makes a key, in PEM (PKCS #8).
///
/// # Errors
/// Where the system gives no randomness, as a sentence.
pub fn generate(kind: Kind) -> Result<String, String> {
    let no_randomness = "the system gives no randomness";
    match kind {
        Kind::Ed25519 => {
            let der = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| no_randomness)?;
            Ok(pem(der.as_ref()))
        }
        Kind::Rsa => {
            let key = rsa::PrivateKey::new(&mut getrandom::SysRng, RSA_BITS).map_err(|error| error.to_string())?;
            let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(|error| error.to_string())?;
            Ok(pem.to_string())
        }
    }
}

fn pem(der: &[u8]) -> String {
    let mut text = String::from("-----BEGIN PRIVATE KEY-----\n");
    for line in STANDARD.encode(der).as_bytes().chunks(64) {
        text.extend(line.iter().map(|byte| char::from(*byte)));
        text.push('\n');
    }
    text.push_str("-----END PRIVATE KEY-----\n");
    text
}

/// SubjectPublicKeyInfo (RFC 5280, section 4.1) around an RSA public key (RFC 8017, appendix A.1.1).
fn public_key_info(rsa: &[u8]) -> Vec<u8> {
    // rsaEncryption 1.2.840.113549.1.1.1, with its NULL.
    const ALGORITHM: [u8; 15] = [0x30, 13, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1, 5, 0];
    let mut bits = vec![0];
    bits.extend_from_slice(rsa);
    let mut whole = ALGORITHM.to_vec();
    whole.extend(element(3, &bits));
    element(0x30, &whole)
}

/// A DER element: tag, length, content (X.690, section 8.1).
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let used = &length[length.iter().position(|b| *b != 0).unwrap_or(length.len() - 1)..];
    let mut out = vec![tag];
    if content.len() < 0x80 {
        out.extend_from_slice(used);
    } else {
        out.push(0x80 | used.len() as u8);
        out.extend_from_slice(used);
    }
    out.extend_from_slice(content);
    out
}
