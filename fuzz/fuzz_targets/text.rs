//! Fuzzes `laws::text`: what it checks is told there.

#![no_main]

#[path = "../../tests/support/laws.rs"]
#[allow(dead_code, reason = "each target checks one of the laws")]
mod laws;

libfuzzer_sys::fuzz_target!(|input: &[u8]| laws::text(input));
