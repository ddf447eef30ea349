//! The site as files: pages, feeds and style sheet that open from a folder, without a server.

use super::{App, AppError};
use crate::{
    model::{Digest, Issue},
    render::{
        feed::{self, FeedMeta},
        page::{DigestCard, DigestPage, Home, IssuePage, STYLE, Shell, WorkPage, html},
    },
    store::issues,
};

/// A file of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteFile {
    /// Its name in the folder.
    pub name: String,
    /// What it holds.
    pub text: String,
}

/// Issues exported.
const MOST_ISSUES: i64 = 500;

/// Every public page and feed of the digests. Links between them lead from file to file.
///
/// # Errors
/// Where the database or a template fails.
pub async fn site(app: &App) -> Result<Vec<SiteFile>, AppError> {
    let mut files = Files::default();
    let mut cards = Vec::new();
    files.add("style.css", app.site.style().as_str(), STYLE.to_owned());
    for digest in app.digests() {
        let stored = issues::newest(&app.db, Some(digest.name.as_str()), MOST_ISSUES).await?;
        let issues: Vec<Issue> = stored.into_iter().map(|stored| stored.issue).collect();
        if digest.cadence.is_none() {
            cards.push(DigestCard::new(&digest, issues.first(), &app.site));
        }
        add_digest(app, &digest, &issues, &mut files)?;
    }
    let home = Home { shell: Shell::public(&app.site, "Pullquote", app.site.home()), digests: cards };
    files.add("index.html", app.site.home().as_str(), html(&home)?);
    Ok(files.linked())
}

fn add_digest(app: &App, digest: &Digest, issues: &[Issue], files: &mut Files) -> Result<(), AppError> {
    let (site, name, meta) = (&app.site, &digest.name, FeedMeta::from(digest));
    let page = DigestPage::new(&meta, &digest.rhythm(), issues, None, site).beside(&app.cadences(digest), digest, site);
    files.add(format!("{name}.html"), site.digest(name).as_str(), html(&page)?);
    files.add(format!("{name}.feed.xml"), site.rss(name).as_str(), feed::rss(&meta, issues, site)?);
    files.add(format!("{name}.atom.xml"), site.atom(name).as_str(), feed::atom(&meta, issues, site)?);
    files.add(format!("{name}.reviews.xml"), site.reviews_rss(name).as_str(), feed::reviews_rss(&meta, issues, site)?);
    files.add(format!("{name}.feed.json"), site.json_feed(name).as_str(), feed::json_feed(&meta, issues, site)?);
    let newest = issues.first().map_or(0, |issue| issue.number);
    for issue in issues {
        let number = issue.number;
        let page = IssuePage::new(issue, newest, None, site);
        files.add(format!("{name}-{number}.html"), site.issue(name, number).as_str(), html(&page)?);
        for slug in issue.works.iter().filter_map(|work| work.slug.as_deref()) {
            if let Some(page) = WorkPage::new(slug, issues, site) {
                files.add(format!("work-{slug}.html"), site.work(slug).as_str(), html(&page)?);
            }
        }
    }
    Ok(())
}

#[derive(Debug, Default)]
struct Files(Vec<(String, String, String)>);

impl Files {
    fn add(&mut self, name: impl Into<String>, url: &str, text: String) {
        let name = name.into();
        if !self.0.iter().any(|(known, _, _)| *known == name) {
            self.0.push((name, url.to_owned(), text));
        }
    }

    /// The files, with links of the pages among them made relative. Feeds keep their addresses.
    fn linked(self) -> Vec<SiteFile> {
        let links: Vec<(String, String)> = self.0.iter().map(|(name, url, _)| (url.clone(), name.clone())).collect();
        let linked = |text: &str| {
            links.iter().fold(text.to_owned(), |text, (url, name)| {
                let path = url::Url::parse(url).map(|url| url.path().to_owned()).unwrap_or_default();
                let text = text.replace(&format!("href=\"{url}\""), &format!("href=\"{name}\""));
                text.replace(&format!("href=\"{path}\""), &format!("href=\"{name}\""))
            })
        };
        let file = |(name, _, text): &(String, String, String)| SiteFile {
            text: if name.ends_with(".html") { linked(text) } else { text.clone() },
            name: name.clone(),
        };
        self.0.iter().map(file).collect()
    }
}
