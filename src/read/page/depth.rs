//! A bound on how deep elements nest, before anything recursive meets them.

/// Deeper than this, tags are dropped and their text stays.
const DEEPEST: usize = 180;
const VOID: [&str; 14] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "param"];

/// The page with the tags beyond the bound taken out. Linear in its length; pages within it are returned as they are.
pub fn bounded(html: &str) -> std::borrow::Cow<'_, str> {
    let mut out = String::new();
    let (mut depth, mut copied, mut from) = (0usize, 0, 0);
    while let Some(open) = html[from..].find('<').map(|at| from + at) {
        let rest = &html[open + 1..];
        let closing = rest.starts_with('/');
        let name: String =
            rest.trim_start_matches('/').chars().take(12).take_while(char::is_ascii_alphanumeric).collect();
        from = open + 1;
        if name.is_empty() {
            continue;
        }
        let Some(end) = rest.find('>').map(|at| open + 2 + at) else { break };
        from = end;
        let name = name.to_ascii_lowercase();
        if VOID.contains(&name.as_str()) || html[..end].ends_with("/>") && !closing {
            continue;
        }
        let beyond = if closing {
            depth = depth.saturating_sub(1);
            depth >= DEEPEST
        } else {
            depth += 1;
            depth > DEEPEST
        };
        if beyond {
            out.push_str(&html[copied..open]);
            out.push(' ');
            copied = end;
        }
    }
    if copied == 0 {
        return html.into();
    }
    out.push_str(&html[copied..]);
    out.into()
}

#[cfg(test)]
mod tests {
    use super::bounded;

    #[test]
    fn deep_nesting_is_flattened_and_the_text_stays() {
        let deep = format!("{}word{}", "<div>".repeat(5000), "</div>".repeat(5000));
        let flat = bounded(&deep);
        assert!(flat.matches("<div>").count() <= 180 && flat.contains("word"));
        assert_eq!(bounded("<p>a<br>b</p>"), "<p>a<br>b</p>");
    }
}
