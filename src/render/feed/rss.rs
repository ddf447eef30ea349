//! RSS 2.0 by the `rss` crate, after the RSS Best Practices Profile.

use std::collections::BTreeMap;

use askama::Template;
use rss::{
    CategoryBuilder, Channel, ChannelBuilder, GuidBuilder, Item, ItemBuilder,
    extension::{Extension, ExtensionBuilder, ExtensionMap, dublincore::DublinCoreExtensionBuilder},
};
use url::Url;

use super::{FeedMeta, GENERATOR, ItemHtml, fitting, identity, summary, views};
use crate::{
    model::Issue,
    render::{
        RenderError, Site, text,
        view::{IssueView, ReviewView, WorkView},
    },
};

/// A review as an item's HTML.
#[derive(Template)]
#[template(path = "partials/feed_review.html")]
struct ReviewHtml<'a> {
    work: &'a WorkView,
    review: &'a ReviewView,
    issue: &'a IssueView,
}

/// The digest's feed, one item an issue; `issues` newest first.
///
/// # Errors
/// Where a template fails or the XML cannot be written.
pub fn rss(meta: &FeedMeta, issues: &[Issue], site: &Site) -> Result<String, RenderError> {
    let items =
        views(issues, site).iter().map(|(issue, view)| item(issue, view, site)).collect::<Result<Vec<_>, _>>()?;
    let itself = site.rss(&meta.digest);
    fitting(&items, |items| write(channel(meta, meta.title(), issues, &itself, site), items, meta))
}

/// The digest's feed with one item a review; `issues` newest first.
///
/// # Errors
/// Where a template fails or the XML cannot be written.
pub fn reviews_rss(meta: &FeedMeta, issues: &[Issue], site: &Site) -> Result<String, RenderError> {
    let mut items = Vec::new();
    for (issue, view) in views(issues, site) {
        for (block, work) in issue.works.iter().zip(&view.works) {
            for (review, shown) in block.reviews.iter().zip(&work.reviews) {
                let guid = identity::review(issue, &review.id, site);
                items.push(review_item(issue, &view, work, shown, guid)?);
            }
        }
    }
    let title = format!("{} – every review", meta.title());
    let itself = site.reviews_rss(&meta.digest);
    fitting(&items, |items| write(channel(meta, title.clone(), issues, &itself, site), items, meta))
}

fn channel(meta: &FeedMeta, title: String, issues: &[Issue], itself: &Url, site: &Site) -> Channel {
    let newest = issues.first().map(|issue| text::rfc822(issue.composed_at));
    ChannelBuilder::default()
        .namespaces(BTreeMap::from([("atom".to_owned(), "http://www.w3.org/2005/Atom".to_owned())]))
        .title(plain(&title))
        .link(site.digest(&meta.digest).to_string())
        .description(meta.description())
        .language(Some(text::line(&meta.language)))
        .last_build_date(newest)
        .generator(Some(GENERATOR.to_owned()))
        .docs(Some("https://www.rssboard.org/rss-specification".to_owned()))
        .ttl(Some("60".to_owned()))
        .extensions(atom_links(itself))
        .build()
}

fn item(issue: &Issue, view: &IssueView, site: &Site) -> Result<Item, RenderError> {
    let content = ItemHtml { issue: view }.render()?;
    let categories = view.works.iter().map(|work| CategoryBuilder::default().name(plain(&work.title)).build());
    Ok(ItemBuilder::default()
        .title(Some(plain(&view.item_title())))
        .link(Some(view.url.clone()))
        .guid(Some(GuidBuilder::default().value(identity::issue(issue, site)).permalink(false).build()))
        .pub_date(Some(text::rfc822(issue.composed_at)))
        .dublin_core_ext(creator(&view.title))
        .categories(categories.collect::<Vec<_>>())
        .description(Some(escaped(&summary(view))))
        .content(Some(content))
        .build())
}

fn review_item(
    issue: &Issue,
    view: &IssueView,
    work: &WorkView,
    review: &ReviewView,
    guid: String,
) -> Result<Item, RenderError> {
    let content = ReviewHtml { work, review, issue: view }.render()?;
    let words = review.quote.as_ref().map_or_else(|| review.silence.to_owned(), |quote| quote.marked());
    let author = review.reviewer.as_deref().unwrap_or(&review.source);
    let rating = review.rating.as_deref().map(|rating| format!(" – {rating}")).unwrap_or_default();
    Ok(ItemBuilder::default()
        .title(Some(plain(&format!("{}: {author}{rating}", work.heading()))))
        .link(Some(review.url.clone().unwrap_or_else(|| format!("{}#{}", view.url, work.anchor))))
        .guid(Some(GuidBuilder::default().value(guid).permalink(false).build()))
        .pub_date(Some(text::rfc822(issue.composed_at)))
        .dublin_core_ext(creator(author))
        .categories(vec![CategoryBuilder::default().name(plain(&work.title)).build()])
        .description(Some(escaped(&words)))
        .content(Some(content))
        .build())
}

fn write(mut channel: Channel, items: &[Item], meta: &FeedMeta) -> Result<String, RenderError> {
    channel.set_items(items.to_vec());
    let failed = |reason: String| RenderError::Feed { digest: meta.digest.to_string(), reason };
    let bytes = channel.pretty_write_to(Vec::new(), b' ', 2).map_err(|error| failed(error.to_string()))?;
    let xml = String::from_utf8(bytes).map_err(|error| failed(error.to_string()))?;
    let xml = if xml.starts_with("<?xml") { xml } else { format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{xml}") };
    Ok(crate::model::text::clean(&xml))
}

fn creator(name: &str) -> Option<rss::extension::dublincore::DublinCoreExtension> {
    Some(DublinCoreExtensionBuilder::default().creators(vec![name.to_owned()]).build())
}

/// `atom:link` to the feed itself, which readers use to move with it.
fn atom_links(itself: &Url) -> ExtensionMap {
    let attributes = [("href", itself.as_str()), ("rel", "self"), ("type", "application/rss+xml")];
    let attrs: BTreeMap<String, String> =
        attributes.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let link: Extension = ExtensionBuilder::default().name("atom:link".to_owned()).attrs(attrs).build();
    ExtensionMap::from([("atom".to_owned(), BTreeMap::from([("link".to_owned(), vec![link])]))])
}

/// A title without angle brackets: RSS never said whether titles are HTML, and some readers take them so.
fn plain(title: &str) -> String {
    title.replace('<', "‹").replace('>', "›")
}

/// Text for an element that every reader takes for HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
