//! Character references: the five of XML, the named ones of HTML 4, and numbers.
//!
//! Nothing a document defines itself is ever looked up, so no reference can grow.

use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

/// The names of U+00A0 to U+00FF, in order (HTML 4.01, section 24.2).
const LATIN: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 \
    sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml \
    Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml \
    times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave \
    eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute \
    ucirc uuml yacute thorn yuml";

/// The other names (HTML 4.01, sections 24.3 and 24.4, and a few of HTML 5 that typesetting tools write).
const OTHERS: &str = "quot\" amp& lt< gt> apos' OEligŒ oeligœ ScaronŠ scaronš YumlŸ fnofƒ circˆ tilde˜ AlphaΑ BetaΒ \
    GammaΓ DeltaΔ EpsilonΕ ZetaΖ EtaΗ ThetaΘ IotaΙ KappaΚ LambdaΛ MuΜ NuΝ XiΞ OmicronΟ PiΠ RhoΡ SigmaΣ TauΤ UpsilonΥ \
    PhiΦ ChiΧ PsiΨ OmegaΩ alphaα betaβ gammaγ deltaδ epsilonε zetaζ etaη thetaθ iotaι kappaκ lambdaλ muμ nuν xiξ \
    omicronο piπ rhoρ sigmafς sigmaσ tauτ upsilonυ phiφ chiχ psiψ omegaω thetasymϑ upsihϒ pivϖ ndash– mdash— lsquo‘ \
    rsquo’ sbquo‚ ldquo“ rdquo” bdquo„ dagger† Dagger‡ bull• hellip… permil‰ prime′ Prime″ lsaquo‹ rsaquo› oline‾ \
    frasl⁄ euro€ imageℑ weierp℘ realℜ trade™ alefsymℵ larr← uarr↑ rarr→ darr↓ harr↔ crarr↵ lArr⇐ uArr⇑ rArr⇒ dArr⇓ \
    hArr⇔ forall∀ part∂ exist∃ empty∅ nabla∇ isin∈ notin∉ ni∋ prod∏ sum∑ minus− lowast∗ radic√ prop∝ infin∞ ang∠ and∧ \
    or∨ cap∩ cup∪ int∫ there4∴ sim∼ cong≅ asymp≈ ne≠ equiv≡ le≤ ge≥ sub⊂ sup⊃ nsub⊄ sube⊆ supe⊇ oplus⊕ otimes⊗ perp⊥ \
    sdot⋅ lceil⌈ rceil⌉ lfloor⌊ rfloor⌋ lang⟨ rang⟩ loz◊ spades♠ clubs♣ hearts♥ diams♦ star☆ starf★ half½ check✓ \
    phone☎ female♀ male♂ horbar― lbrack[ rbrack] lpar( rpar) comma, period. colon: excl! quest? num# dollar$ percnt% \
    ast* plus+ commat@ lowbar_ grave` vert| hyphen‐";

/// Names of white space and marks that cannot be seen.
const UNSEEN: [(&str, char); 9] = [
    ("ensp", '\u{2002}'),
    ("emsp", '\u{2003}'),
    ("thinsp", '\u{2009}'),
    ("zwnj", '\u{200C}'),
    ("zwj", '\u{200D}'),
    ("lrm", '\u{200E}'),
    ("rlm", '\u{200F}'),
    ("NewLine", '\n'),
    ("Tab", '\t'),
];

static NAMED: LazyLock<HashMap<&'static str, char>> = LazyLock::new(|| {
    let latin = LATIN.split_whitespace().zip('\u{A0}'..='\u{FF}');
    let others = OTHERS.split_whitespace().filter_map(|pair| {
        let sign = pair.chars().next_back()?;
        Some((&pair[..pair.len() - sign.len_utf8()], sign))
    });
    latin.chain(others).chain(UNSEEN).collect()
});

/// The longest name, in bytes.
const LONGEST: usize = 8;

/// Replaces the references in a text; what is none stays as it is.
pub fn decode(text: &str) -> Cow<'_, str> {
    let Some(first) = memchr::memchr(b'&', text.as_bytes()) else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len());
    out.push_str(&text[..first]);
    let mut rest = &text[first..];
    while !rest.is_empty() {
        let (sign, length) = reference(rest).unwrap_or(('&', 1));
        out.push(sign);
        rest = &rest[length..];
        let next = memchr::memchr(b'&', rest.as_bytes()).unwrap_or(rest.len());
        out.push_str(&rest[..next]);
        rest = &rest[next..];
    }
    Cow::Owned(out)
}

/// Whether a text holds a reference that [`decode`] would replace.
pub fn has_reference(text: &str) -> bool {
    memchr::memchr_iter(b'&', text.as_bytes()).any(|at| reference(&text[at..]).is_some())
}

/// The reference a text begins with, and its length in bytes.
fn reference(text: &str) -> Option<(char, usize)> {
    if let Some(number) = text.strip_prefix("&#") {
        return numeric(number).map(|(sign, length)| (sign, length + 2));
    }
    let name = &text.as_bytes()[1..text.len().min(LONGEST + 2)];
    let end = memchr::memchr(b';', name)?;
    let sign = NAMED.get(text.get(1..=end)?)?;
    Some((*sign, end + 2))
}

fn numeric(text: &str) -> Option<(char, usize)> {
    let (digits, radix, before) = match text.strip_prefix(['x', 'X']) {
        Some(hex) => (hex, 16, 1),
        None => (text, 10, 0),
    };
    let length = digits.bytes().take(10).take_while(|b| char::from(*b).is_digit(radix)).count();
    let number = u32::from_str_radix(&digits[..length], radix).ok()?;
    let closed = usize::from(digits.as_bytes().get(length) == Some(&b';'));
    Some((character(number), before + length + closed))
}

/// The character of a number; 128 to 159 mean windows-1252, as in every browser.
fn character(number: u32) -> char {
    match u8::try_from(number) {
        Ok(byte @ 0x80..=0x9F) => {
            let bytes = [byte];
            let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes);
            text.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER)
        }
        _ => char::from_u32(number).filter(|c| *c != '\0').unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_references_are_replaced_and_others_stay() {
        assert_eq!(decode("Tom &amp; Jerry &hellip; caf&eacute; &#8217;&#x1F3AC;&#146;"), "Tom & Jerry … café ’🎬’");
        assert_eq!(decode("a & b &unknown; &xxe; AT&T &"), "a & b &unknown; &xxe; AT&T &");
        assert_eq!(decode("?a=1&copy=2"), "?a=1&copy=2");
        assert_eq!(decode("&#0;&#xD800;&#99999999999;"), "\u{FFFD}\u{FFFD}&#99999999999;");
    }

    #[test]
    fn the_names_of_html_4_are_all_there() {
        let four = LATIN.split_whitespace().count();
        assert_eq!(four, 96);
        for (name, sign) in [("yuml", 'ÿ'), ("szlig", 'ß'), ("diams", '♦'), ("thetasym", 'ϑ'), ("rang", '⟩')] {
            assert_eq!(NAMED.get(name), Some(&sign), "{name}");
        }
        assert!(NAMED.len() >= 253 && NAMED.keys().all(|name| name.len() <= LONGEST));
    }

    #[test]
    fn a_reference_is_replaced_once() {
        assert_eq!(decode("&amp;lt;"), "&lt;");
        assert!(has_reference("a &lt; b") && !has_reference("a & b; c"));
    }
}
