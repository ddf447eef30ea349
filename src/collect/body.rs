//! The body of an answer: counted as it comes and as it is unpacked, and where it broke off cut back to what
//! is whole.

use memchr::memmem;
use reqwest::{Response, header::HeaderMap};

use super::coding::{self, Unpackable};

/// Why a body was not read.
#[derive(Debug)]
pub enum BodyError {
    /// It is larger than the cap.
    TooLarge,
    /// It unpacks to far more than any text does.
    Bomb,
    /// Nothing came for too long.
    Slow,
    /// The connection or the packing broke: why, and what came before.
    Broken(String, Vec<u8>),
}

/// Reads a body, at most `limit` bytes packed or unpacked.
pub async fn read(mut response: Response, headers: &HeaderMap, limit: usize) -> Result<Vec<u8>, BodyError> {
    if response.content_length().is_some_and(|length| length > limit as u64) {
        return Err(BodyError::TooLarge);
    }
    let mut packed = Vec::new();
    let broken = loop {
        match response.chunk().await {
            Ok(None) => break None,
            Ok(Some(chunk)) if packed.len() + chunk.len() > limit => return Err(BodyError::TooLarge),
            Ok(Some(chunk)) => packed.extend_from_slice(&chunk),
            Err(error) if error.is_timeout() => return Err(BodyError::Slow),
            Err(error) => break Some(super::fetch::chain(&error)),
        }
    };
    let layers = match coding::declared(headers) {
        Ok(layers) => layers,
        Err(_) => return Err(BodyError::Broken("it is packed in a way that was not asked for".into(), Vec::new())),
    };
    let unpacked = tokio::task::spawn_blocking(move || coding::unpack(packed, &layers, limit)).await;
    match (unpacked, broken) {
        (Ok(Ok(bytes)), None) => Ok(bytes),
        (Ok(Ok(bytes) | Err(Unpackable::Broken(bytes))), Some(why)) => Err(BodyError::Broken(why, bytes)),
        (Ok(Err(Unpackable::Broken(bytes))), None) => Err(BodyError::Broken("its compression is broken".into(), bytes)),
        (Ok(Err(Unpackable::TooLarge)), _) => Err(BodyError::TooLarge),
        (Ok(Err(Unpackable::Bomb)), _) => Err(BodyError::Bomb),
        (Ok(Err(Unpackable::Unknown(name))), _) => {
            Err(BodyError::Broken(format!("it is packed as {name}"), Vec::new()))
        }
        (Err(error), _) => Err(BodyError::Broken(error.to_string(), Vec::new())),
    }
}

/// The part of a feed that is certainly whole: up to the end of its last whole entry. `None` where there is no
/// whole entry, and for pages and JSON, of which half is worth nothing: a mark of spoilers may be in the rest.
pub fn whole_entries(bytes: &[u8]) -> Option<&[u8]> {
    const ENDS: [&[u8]; 2] = [b"</item>", b"</entry>"];
    let ends = ENDS.iter().filter_map(|end| memmem::rfind(bytes, end).map(|at| at + end.len()));
    bytes.get(..ends.max()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_an_entry_is_left_out() {
        let feed = b"<rss><item><title>One</title></item><item><title>Two, with a spo";
        assert_eq!(whole_entries(feed), Some(&b"<rss><item><title>One</title></item>"[..]));
        assert_eq!(whole_entries(b"<rss><item><title>On"), None);
        assert_eq!(whole_entries(b"<html><p>Half a review"), None);
    }
}
