//! Block quotations: where in a review somebody else speaks, be it the work itself, its publisher or another critic.

use crate::model::{Body, Span, span::ScalarIndex};

/// A body with fewer characters of the critic's own than this is laid out as a quotation.
const OWN: usize = 40;

/// The quotations of a body. Where next to nothing stands outside them, the page indents its texts that way, and they
/// are the critic's own.
pub fn of_another(quotations: Vec<Span>, body: &Body) -> Vec<Span> {
    let index = ScalarIndex::new(body.as_str());
    let solid = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
    let quoted = quotations.iter().map(|span| solid(&body.as_str()[index.byte(span.start)..index.byte(span.end)]));
    let own = solid(body.as_str()).saturating_sub(quoted.sum());
    if own < OWN { Vec::new() } else { quotations }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_that_is_all_quotation_is_its_critics_own() {
        let body = Body::new("4/5\n\nA film for winter, and for anyone who has waited by a harbour for a boat.");
        assert_eq!(of_another(vec![Span::new(5, body.len())], &body), []);
        let first = vec![Span::new(5, 23)];
        assert_eq!(of_another(first.clone(), &body), first);
    }
}
