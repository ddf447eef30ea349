//! Content codings undone by ourselves (RFC 9110, section 8.4), so that a bomb is cut off by what it unpacks
//! to, and what came of a broken stream is not lost.
//!
//! The HTTP library would undo them too, but hides how much came over the wire, undoes one layer only, and
//! gives up what it had when a stream breaks off.

use std::io::{self, Read};

use reqwest::header::{CONTENT_ENCODING, HeaderMap};

/// What is asked for.
pub const ACCEPTED: &str = "gzip, br, zstd";

/// The most layers undone.
const LAYERS: usize = 3;
/// No text shrinks further than this: one that unpacks to more is made to harm.
const MOST_RATIO: usize = 200;
/// Below this size the ratio means nothing, in bytes.
const SMALL: usize = 1_000_000;
/// The largest window of a zstd stream that is granted, as a power of two: 8 MiB (RFC 9659).
const ZSTD_WINDOW: u32 = 23;

/// One layer of packing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// `gzip`, `x-gzip`.
    Gzip,
    /// `deflate`, with the zlib wrapper or, as some servers send it, without.
    Deflate,
    /// `br`.
    Brotli,
    /// `zstd`.
    Zstd,
}

/// Why a body could not be unpacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unpackable {
    /// It is larger than the cap.
    TooLarge,
    /// It unpacks to more than two hundred times its size.
    Bomb,
    /// The stream is broken; what came before the break.
    Broken(Vec<u8>),
    /// Packed in a way that was not asked for.
    Unknown(String),
}

/// The layers that an answer declares, in the order in which they were put on.
///
/// # Errors
/// Where one is unknown, or there are too many.
pub fn declared(headers: &HeaderMap) -> Result<Vec<Coding>, Unpackable> {
    let mut layers = Vec::new();
    for value in headers.get_all(CONTENT_ENCODING) {
        for name in String::from_utf8_lossy(value.as_bytes()).split(',') {
            let name = name.trim().to_ascii_lowercase();
            layers.push(match name.as_str() {
                "" | "identity" => continue,
                "gzip" | "x-gzip" => Coding::Gzip,
                "deflate" => Coding::Deflate,
                "br" => Coding::Brotli,
                "zstd" => Coding::Zstd,
                _ => return Err(Unpackable::Unknown(name)),
            });
        }
    }
    if layers.len() > LAYERS { Err(Unpackable::Unknown(format!("{} layers", layers.len()))) } else { Ok(layers) }
}

/// Takes off the layers, the last one first, each to at most `limit` bytes.
///
/// # Errors
/// See [`Unpackable`].
pub fn unpack(packed: Vec<u8>, layers: &[Coding], limit: usize) -> Result<Vec<u8>, Unpackable> {
    let wire = packed.len();
    let mut bytes = packed;
    for layer in layers.iter().rev() {
        let source = bytes.as_slice();
        bytes = match layer {
            Coding::Gzip => drain(flate2::read::MultiGzDecoder::new(source), limit, wire),
            Coding::Deflate if is_zlib(source) => drain(flate2::read::ZlibDecoder::new(source), limit, wire),
            Coding::Deflate => drain(flate2::read::DeflateDecoder::new(source), limit, wire),
            Coding::Brotli => drain(brotli_decompressor::Decompressor::new(source, 4096), limit, wire),
            Coding::Zstd => zstd_stream(source)
                .map_or_else(|_| Err(Unpackable::Broken(Vec::new())), |stream| drain(stream, limit, wire)),
        }?;
    }
    Ok(bytes)
}

fn zstd_stream(source: &[u8]) -> io::Result<impl Read + '_> {
    let mut stream = zstd::stream::read::Decoder::with_buffer(source)?;
    stream.window_log_max(ZSTD_WINDOW)?;
    Ok(stream)
}

/// Whether a stream begins as zlib's does (RFC 1950, section 2.2).
fn is_zlib(bytes: &[u8]) -> bool {
    matches!(bytes, [method, flags, ..] if method & 0x0f == 8 && (u16::from(*method) << 8 | u16::from(*flags)) % 31 == 0)
}

fn drain(mut stream: impl Read, limit: usize, wire: usize) -> Result<Vec<u8>, Unpackable> {
    let mut bytes = Vec::new();
    let mut piece = [0_u8; 16 * 1024];
    loop {
        let length = match stream.read(&mut piece) {
            Ok(0) => return Ok(bytes),
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => return Err(Unpackable::Broken(bytes)),
        };
        bytes.extend_from_slice(piece.get(..length).unwrap_or_default());
        if bytes.len() > SMALL && bytes.len() / MOST_RATIO > wire {
            return Err(Unpackable::Bomb);
        }
        if bytes.len() > limit {
            return Err(Unpackable::TooLarge);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    }

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    }

    fn deflate(bytes: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    }

    /// A brotli stream that stores up to 64 KiB as they are (RFC 7932, section 9.2).
    fn brotli(bytes: &[u8]) -> Vec<u8> {
        let header = (u32::try_from(bytes.len()).unwrap() - 1) << 4 | 1 << 20;
        [&header.to_le_bytes()[..3], bytes, &[0b11]].concat()
    }

    /// A text that shrinks like text.
    fn text() -> Vec<u8> {
        (0..4_000).flat_map(|n| format!("{} reviews of {}. ", n * 7 % 1_000, n * n % 977).into_bytes()).collect()
    }

    #[test]
    fn every_layer_is_taken_off_also_twice() {
        let text = text();
        for (layers, packed) in [
            (vec![Coding::Gzip], gzip(&text)),
            (vec![Coding::Gzip, Coding::Gzip], gzip(&gzip(&text))),
            (vec![Coding::Deflate], zlib(&text)),
            (vec![Coding::Deflate], deflate(&text)),
            (vec![Coding::Zstd], zstd::encode_all(text.as_slice(), 3).unwrap()),
            (vec![Coding::Gzip], [gzip(&text[..100]), gzip(&text[100..])].concat()),
            (vec![], text.clone()),
        ] {
            assert_eq!(unpack(packed, &layers, 1_000_000).as_ref(), Ok(&text), "{layers:?}");
        }
        assert_eq!(unpack(brotli(&text[..60_000]), &[Coding::Brotli], 1_000_000).as_deref(), Ok(&text[..60_000]));
    }

    #[test]
    fn a_bomb_is_cut_off_by_size_and_by_ratio() {
        let bomb = gzip(&vec![0; 3_000_000]);
        assert_eq!(unpack(bomb.clone(), &[Coding::Gzip], 100_000), Err(Unpackable::TooLarge));
        assert_eq!(unpack(bomb, &[Coding::Gzip], 10_000_000), Err(Unpackable::Bomb));
        let bomb = zstd::encode_all([0; 3_000_000].as_slice(), 3).unwrap();
        assert_eq!(unpack(bomb, &[Coding::Zstd], 10_000_000), Err(Unpackable::Bomb));
    }

    #[test]
    fn a_stream_that_breaks_off_keeps_what_came() {
        let text = text();
        for (layer, packed) in
            [(Coding::Gzip, gzip(&text)), (Coding::Zstd, zstd::encode_all(text.as_slice(), 3).unwrap())]
        {
            let cut = packed[..packed.len() - 20].to_vec();
            let Err(Unpackable::Broken(kept)) = unpack(cut, &[layer], 1_000_000) else { panic!("{layer:?}: whole") };
            assert!(text.starts_with(&kept), "{layer:?}");
        }
        assert_eq!(unpack(b"plain".to_vec(), &[Coding::Gzip], 1_000), Err(Unpackable::Broken(Vec::new())));
    }

    #[test]
    fn what_was_not_asked_for_is_said() {
        let headers = |value: &str| HeaderMap::from_iter([(CONTENT_ENCODING, value.parse().unwrap())]);
        assert_eq!(declared(&headers("GZIP, br")), Ok(vec![Coding::Gzip, Coding::Brotli]));
        assert_eq!(declared(&headers("identity")), Ok(vec![]));
        assert_eq!(declared(&headers("sdch")), Err(Unpackable::Unknown("sdch".into())));
        assert!(declared(&headers("gzip, gzip, gzip, gzip")).is_err());
    }
}
