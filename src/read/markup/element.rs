//! What each element of HTML does: to the tree it stands in, and to the text around it. The one table of both.
//!
//! After the HTML Standard, sections 13.1.2 (void and raw text elements) and 13.2.6 (which start tags close which
//! elements); what is no text of a document is our own choice. What a page's own names say is in `page::furniture`.

/// An element by its name.
#[derive(Debug)]
pub struct Element {
    /// Its name in small letters; empty for one that HTML does not know.
    pub name: &'static str,
    key: u128,
    does: u16,
}

/// Has no inside and no end tag.
const VOID: u16 = 1;
/// Its inside is no markup, nor are references replaced.
const RAW: u16 = 1 << 1;
/// Its inside is text up to its end tag, references replaced.
const TEXT: u16 = 1 << 2;
/// What it holds is no text of the document.
const SILENT: u16 = 1 << 3;
/// Stands as a paragraph of its own.
const PARAGRAPH: u16 = 1 << 4;
/// Stands on a line of its own.
const LINE: u16 = 1 << 5;
/// Is parted from its neighbours by a space at least.
const CELL: u16 = 1 << 6;
/// Is no part of running text: the end tag of an inline element does not reach over it.
const BLOCK: u16 = 1 << 7;
/// Its start ends an open paragraph.
const ENDS_P: u16 = 1 << 8;
/// No end tag from inside reaches over it, but those of a table over its own cells.
const FENCE: u16 = 1 << 9;
/// Belongs into the head of a page.
const HEAD: u16 = 1 << 10;
/// Formats running text.
const FORMAT: u16 = 1 << 11;

const TABLE: [Element; 119] = [
    row("a", FORMAT),
    row("abbr", 0),
    row("address", PARAGRAPH | BLOCK | ENDS_P),
    row("applet", BLOCK | FENCE),
    row("area", VOID),
    row("article", PARAGRAPH | BLOCK | ENDS_P),
    row("aside", PARAGRAPH | BLOCK | ENDS_P),
    row("audio", SILENT),
    row("b", FORMAT),
    row("base", VOID | HEAD),
    row("big", FORMAT),
    row("blockquote", PARAGRAPH | BLOCK | ENDS_P),
    row("body", PARAGRAPH | BLOCK | FENCE),
    row("br", VOID),
    row("button", SILENT | BLOCK | FENCE),
    row("canvas", SILENT),
    row("caption", PARAGRAPH | BLOCK | FENCE),
    row("center", PARAGRAPH | BLOCK | ENDS_P),
    row("cite", 0),
    row("code", FORMAT),
    row("col", VOID),
    row("colgroup", PARAGRAPH | BLOCK),
    row("data", 0),
    row("dd", LINE | BLOCK | ENDS_P),
    row("del", 0),
    row("details", PARAGRAPH | BLOCK | ENDS_P),
    row("dialog", SILENT | PARAGRAPH | BLOCK | ENDS_P),
    row("dir", PARAGRAPH | BLOCK | ENDS_P),
    row("div", PARAGRAPH | BLOCK | ENDS_P),
    row("dl", PARAGRAPH | BLOCK | ENDS_P),
    row("dt", LINE | BLOCK | ENDS_P),
    row("em", FORMAT),
    row("embed", VOID),
    row("fieldset", PARAGRAPH | BLOCK | ENDS_P),
    row("figcaption", SILENT | BLOCK | ENDS_P),
    row("figure", PARAGRAPH | BLOCK | ENDS_P),
    row("font", FORMAT),
    row("footer", PARAGRAPH | BLOCK | ENDS_P),
    row("form", SILENT | PARAGRAPH | BLOCK | ENDS_P),
    row("h1", PARAGRAPH | BLOCK | ENDS_P),
    row("h2", PARAGRAPH | BLOCK | ENDS_P),
    row("h3", PARAGRAPH | BLOCK | ENDS_P),
    row("h4", PARAGRAPH | BLOCK | ENDS_P),
    row("h5", PARAGRAPH | BLOCK | ENDS_P),
    row("h6", PARAGRAPH | BLOCK | ENDS_P),
    row("head", SILENT | BLOCK),
    row("header", PARAGRAPH | BLOCK | ENDS_P),
    row("hgroup", PARAGRAPH | BLOCK | ENDS_P),
    row("hr", VOID | PARAGRAPH | BLOCK | ENDS_P),
    row("html", PARAGRAPH | BLOCK | FENCE),
    row("i", FORMAT),
    row("iframe", RAW | SILENT),
    row("img", VOID | SILENT),
    row("input", VOID | SILENT),
    row("ins", 0),
    row("kbd", 0),
    row("label", 0),
    row("legend", PARAGRAPH | BLOCK),
    row("li", LINE | BLOCK | ENDS_P),
    row("link", VOID | HEAD),
    row("listing", PARAGRAPH | BLOCK | ENDS_P),
    row("main", PARAGRAPH | BLOCK | ENDS_P),
    row("map", SILENT),
    row("mark", 0),
    row("marquee", BLOCK | FENCE),
    row("math", SILENT | FENCE),
    row("menu", PARAGRAPH | BLOCK | ENDS_P),
    row("meta", VOID | HEAD),
    row("nav", SILENT | PARAGRAPH | BLOCK | ENDS_P),
    row("nobr", FORMAT),
    row("noembed", RAW | SILENT),
    row("noframes", RAW | SILENT),
    row("noscript", RAW | SILENT | HEAD),
    row("object", SILENT | BLOCK | FENCE),
    row("ol", PARAGRAPH | BLOCK | ENDS_P),
    row("optgroup", BLOCK),
    row("option", BLOCK),
    row("p", PARAGRAPH | BLOCK | ENDS_P),
    row("param", VOID),
    row("pre", PARAGRAPH | BLOCK | ENDS_P),
    row("q", 0),
    row("rp", SILENT),
    row("rt", SILENT),
    row("ruby", 0),
    row("s", FORMAT),
    row("samp", 0),
    row("script", RAW | SILENT | HEAD),
    row("search", PARAGRAPH | BLOCK | ENDS_P),
    row("section", PARAGRAPH | BLOCK | ENDS_P),
    row("select", SILENT | BLOCK),
    row("small", FORMAT),
    row("source", VOID),
    row("span", 0),
    row("strike", FORMAT),
    row("strong", FORMAT),
    row("style", RAW | SILENT | HEAD),
    row("sub", 0),
    row("summary", PARAGRAPH | BLOCK | ENDS_P),
    row("sup", 0),
    row("svg", SILENT | FENCE),
    row("table", PARAGRAPH | BLOCK | ENDS_P | FENCE),
    row("tbody", PARAGRAPH | BLOCK),
    row("td", CELL | BLOCK | FENCE),
    row("template", SILENT | BLOCK | FENCE | HEAD),
    row("textarea", TEXT | SILENT),
    row("tfoot", PARAGRAPH | BLOCK),
    row("th", CELL | BLOCK | FENCE),
    row("thead", PARAGRAPH | BLOCK),
    row("time", 0),
    row("title", TEXT | SILENT | HEAD),
    row("tr", LINE | BLOCK),
    row("track", VOID),
    row("tt", FORMAT),
    row("u", FORMAT),
    row("ul", PARAGRAPH | BLOCK | ENDS_P),
    row("var", 0),
    row("video", SILENT),
    row("wbr", VOID),
    row("xmp", RAW | SILENT),
];

/// What HTML does not know: an inline element.
static UNKNOWN: Element = row("", 0);
static ELEMENTS: [Element; TABLE.len()] = TABLE;

const fn row(name: &'static str, does: u16) -> Element {
    Element { name, key: key(name.as_bytes()), does }
}

/// The letters of a name in lower case, as one number that sorts as they do; none for longer names.
const fn key(name: &[u8]) -> u128 {
    if name.len() > 16 {
        return u128::MAX;
    }
    let mut key = 0;
    let mut at = 0;
    while at < name.len() {
        key = key << 8 | name[at].to_ascii_lowercase() as u128;
        at += 1;
    }
    if at == 0 { 0 } else { key << (8 * (16 - at)) }
}

impl Element {
    /// The element of a name, in any case.
    pub fn of(name: &str) -> &'static Self {
        let found = ELEMENTS.binary_search_by_key(&key(name.as_bytes()), |element| element.key);
        found.map_or(&UNKNOWN, |at| &ELEMENTS[at])
    }

    /// What HTML does not know.
    pub fn unknown() -> &'static Self {
        &UNKNOWN
    }

    const fn does(&self, what: u16) -> bool {
        self.does & what != 0
    }

    /// Whether it has no inside and no end tag.
    pub const fn is_void(&self) -> bool {
        self.does(VOID)
    }

    /// Whether its inside is no markup.
    pub const fn is_raw(&self) -> bool {
        self.does(RAW | TEXT)
    }

    /// Whether references are replaced in it, raw or not.
    pub const fn has_references(&self) -> bool {
        !self.does(RAW)
    }

    /// Whether what it holds is no text of the document.
    pub const fn is_silent(&self) -> bool {
        self.does(SILENT)
    }

    /// How many line ends stand before and after it at least: two for a paragraph.
    pub const fn breaks(&self) -> usize {
        if self.does(PARAGRAPH) {
            2
        } else if self.does(LINE) {
            1
        } else {
            0
        }
    }

    /// Whether it is parted from its neighbours by a space at least.
    pub const fn is_cell(&self) -> bool {
        self.does(CELL)
    }

    /// Whether it is no part of running text.
    pub const fn is_block(&self) -> bool {
        self.does(BLOCK)
    }

    /// Whether its start ends an open paragraph.
    pub const fn ends_paragraph(&self) -> bool {
        self.does(ENDS_P)
    }

    /// Whether no end tag from inside reaches over it.
    pub const fn is_fence(&self) -> bool {
        self.does(FENCE)
    }

    /// Whether it belongs into the head of a page.
    pub const fn is_of_head(&self) -> bool {
        self.does(HEAD)
    }

    /// Whether it formats running text.
    pub const fn formats(&self) -> bool {
        self.does(FORMAT)
    }

    /// Whether it is the part of a table, whose end tags no cell stops.
    pub fn is_of_table(&self) -> bool {
        matches!(self.name, "table" | "tbody" | "thead" | "tfoot" | "tr" | "td" | "th" | "caption")
    }

    /// The elements that its start closes where they stand open around it, nearer than any other block.
    pub fn closes(&self) -> &'static [&'static str] {
        match self.name {
            "li" => &["li"],
            "dt" | "dd" => &["dt", "dd"],
            "tr" => &["tr", "td", "th"],
            "td" | "th" => &["td", "th"],
            "tbody" | "thead" | "tfoot" => &["tbody", "thead", "tfoot", "tr", "td", "th"],
            "option" => &["option"],
            "optgroup" => &["option", "optgroup"],
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => &["h1", "h2", "h3", "h4", "h5", "h6"],
            _ => &[],
        }
    }

    /// Whether an open element keeps the start of this one from closing what stands around it.
    pub fn is_stopped_by(&self, open: &Self) -> bool {
        match self.name {
            "li" => open.is_fence() || matches!(open.name, "ul" | "ol" | "menu" | "dir"),
            "dt" | "dd" => open.is_fence() || open.name == "dl",
            "option" | "optgroup" => open.is_fence() || open.name == "select",
            _ if self.is_heading() => true,
            _ => matches!(open.name, "table" | "template"),
        }
    }

    /// Whether it is a heading of any rank.
    pub fn is_heading(&self) -> bool {
        matches!(self.name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_element_is_found_by_its_name_in_any_case() {
        for element in &ELEMENTS {
            assert!(std::ptr::eq(Element::of(element.name), element), "{}", element.name);
            assert!(std::ptr::eq(Element::of(&element.name.to_ascii_uppercase()), element));
        }
        for unknown in ["", "x", "pp", "a-much-longer-name-than-any", "scriptx"] {
            assert_eq!(Element::of(unknown).name, "", "{unknown}");
        }
    }
}
