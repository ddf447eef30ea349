//! Markup as it is found, feeds and pages alike: to [tokens](token), to one flat [tree], and what each
//! [element] of HTML means for its text. No rule of a feed's dialect or of a page's parts stands here.

pub mod element;
pub mod entity;
pub mod namespace;
pub mod token;
pub mod tree;
