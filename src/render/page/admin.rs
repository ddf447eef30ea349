//! The editor's and operator's pages. Every form carries the hidden field `csrf`.

use askama::Template;

use super::{AdminDraftRow, Shell};
use crate::{
    model::{Books, DeliveryState},
    render::view::IssueView,
};

/// The sign-in form: posts `secret`.
#[derive(Debug, Clone, Template)]
#[template(path = "web/admin/login.html")]
pub struct Login {
    /// What is around it.
    pub shell: Shell,
    /// What was wrong.
    pub error: Option<String>,
    /// The draft that whoever signs in came for: the form posts it as `draft`.
    pub draft: Option<String>,
}

/// `/admin`: digests, issues, the one-off form, sources, recent reviews.
#[derive(Debug, Clone, Template)]
#[template(path = "web/admin/dashboard.html")]
pub struct Dashboard {
    /// What is around it.
    pub shell: Shell,
    /// The hidden field of every form.
    pub csrf: String,
    /// What has just been done or gone wrong.
    pub notice: Option<String>,
    /// The issue of a dry run, as it would be sent.
    pub shown: Option<IssueView>,
    /// The drafts that wait for a decision.
    pub drafts: Vec<AdminDraftRow>,
    /// Every digest.
    pub digests: Vec<AdminDigest>,
    /// The newest issues.
    pub issues: Vec<AdminIssueRow>,
    /// What was ordered for later.
    pub orders: Vec<AdminOrder>,
    /// The one-off form as typed before.
    pub one_off: OneOff,
    /// Every source.
    pub sources: Vec<AdminSource>,
    /// The newest reviews.
    pub reviews: Vec<AdminReview>,
}

/// A digest with its next run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminDigest {
    /// The stem.
    pub name: String,
    /// What readers see.
    pub title: String,
    /// Its page.
    pub url: String,
    /// As written in the file; empty where it is sent by hand.
    pub schedule: String,
    /// `2026-11-27 08:00 CET`
    pub next: Option<String>,
    /// What became of its last run.
    pub last: Option<String>,
    /// People who get it.
    pub subscribers: u64,
    /// Reviews that arrived since the last issue.
    pub waiting: u64,
}

/// An issue with its books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminIssueRow {
    /// The digest's stem.
    pub digest: String,
    /// Counted from 1.
    pub number: u32,
    /// The mail's subject.
    pub subject: String,
    /// When it was composed.
    pub date: String,
    /// What became of its deliveries.
    pub books: Books,
}

/// What was ordered for later. Taking it back posts `order`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminOrder {
    /// What names it.
    pub id: i64,
    /// The digest's stem.
    pub digest: String,
    /// When it is due, in the digest's zone.
    pub at: String,
    /// What is in it, and for whom.
    pub what: String,
    /// The editor's word.
    pub note: Option<String>,
    /// What became of it.
    pub fate: String,
    /// Whether it can be taken back.
    pub waits: bool,
}

/// A run of a schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminRun {
    /// When it is due, in the digest's zone.
    pub at: String,
    /// What became of it, or what the clocks do to it.
    pub words: String,
    /// The issue it made, on the desk.
    pub url: Option<String>,
    /// Whether a person should look at it.
    pub bad: bool,
}

/// `/admin/d/{digest}`: the runs of a digest.
#[derive(Debug, Clone, Template)]
#[template(path = "web/admin/schedule.html")]
pub struct AdminSchedule {
    /// What is around it.
    pub shell: Shell,
    /// The hidden field of every form.
    pub csrf: String,
    /// What readers see.
    pub title: String,
    /// When issues come out, in words; empty where it is sent by hand.
    pub rhythm: String,
    /// The digest's zone.
    pub zone: String,
    /// The next runs.
    pub next: Vec<AdminRun>,
    /// The last runs, the newest first.
    pub past: Vec<AdminRun>,
}

/// What the one-off form holds: `digest`, `note`, `reviews` and `to` (one a row), `whom`, `at`, `window`, `dry_run`,
/// and the hidden `key`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneOff {
    /// The chosen digest's stem.
    pub digest: String,
    /// A word from the editor.
    pub note: String,
    /// Picked reviews by id, URL or known place, one a row.
    pub reviews: String,
    /// Test addresses, one a row.
    pub to: String,
    /// `list`, `addresses`, or nothing yet.
    pub whom: String,
    /// A local time in the digest's zone; empty for now.
    pub at: String,
    /// `keep`, `move`, or empty for the usual.
    pub window: String,
    /// Only show what would be sent.
    pub dry_run: bool,
    /// What makes a form that is sent twice one order.
    pub key: String,
}

impl Default for OneOff {
    /// An empty form that sends nothing until the tick is taken away: without addresses it means everybody.
    fn default() -> Self {
        let empty = String::new;
        Self {
            digest: empty(),
            note: empty(),
            reviews: empty(),
            to: empty(),
            whom: empty(),
            at: empty(),
            window: empty(),
            dry_run: true,
            key: empty(),
        }
    }
}

/// A source and how it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminSource {
    /// The name for readers.
    pub name: String,
    /// URL or path.
    pub place: String,
    /// The digests that read it.
    pub digests: String,
    /// `new`, `fine`, `failing` or `stopped`.
    pub state: &'static str,
    /// Whether a person should look at it.
    pub bad: bool,
    /// Last success.
    pub succeeded: Option<String>,
    /// The next visit by routine.
    pub next: Option<String>,
    /// The error since the last success, with its time.
    pub error: Option<String>,
    /// Where it is asked instead.
    pub address: Option<String>,
    /// The hub that tells of its news.
    pub hub: Option<String>,
    /// Entries seen at the last success.
    pub entries: u64,
    /// Reviews among them.
    pub reviews: u64,
}

/// A recent review. The star's form posts `review` and `act` (`star` or `unstar`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminReview {
    /// Its id.
    pub id: String,
    /// The work's title.
    pub title: String,
    /// Who wrote it, and where.
    pub credit: String,
    /// The rating as printed.
    pub rating: Option<String>,
    /// Where to read it; only links that may be followed.
    pub url: Option<String>,
    /// When it arrived.
    pub arrived: String,
    /// The quote, if one is safe.
    pub quote: Option<String>,
    /// Whether an editor starred it.
    pub starred: bool,
}

/// `/admin/d/{digest}/{number}`: an issue's deliveries. A decision posts `delivery` and `act` (`resend` or
/// `leave`).
#[derive(Debug, Clone, Template)]
#[template(path = "web/admin/issue.html")]
pub struct AdminIssue {
    /// What is around it.
    pub shell: Shell,
    /// The hidden field of every form.
    pub csrf: String,
    /// What has just been done or gone wrong.
    pub notice: Option<String>,
    /// The issue and its books.
    pub row: AdminIssueRow,
    /// The issue's page.
    pub url: String,
    /// What can be done with the whole issue now.
    pub controls: Vec<AdminControl>,
    /// Its deliveries, those that need a decision first.
    pub deliveries: Vec<AdminDelivery>,
    /// Deliveries beyond those shown.
    pub hidden: u64,
    /// How many bounces and complaints came back, by kind, such as `2 hard, 1 complaint`; empty where none did.
    pub came_back: String,
    /// The newest of them.
    pub reports: Vec<AdminReportRow>,
}

/// Something that can be done with all deliveries of an issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminControl {
    /// What the form says.
    pub act: &'static str,
    /// What the button says.
    pub label: String,
    /// Whether it cannot be taken back.
    pub weighty: bool,
}

/// One recipient's delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminDelivery {
    /// What names it in the form.
    pub id: String,
    /// The address.
    pub to: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// What the server said, or why it was left out.
    pub reply: String,
    /// When it last changed.
    pub at: String,
    /// Tries so far.
    pub attempts: u32,
    /// What came back after it was sent: kind and id of each report.
    pub came_back: Vec<(&'static str, String)>,
}

impl AdminDelivery {
    /// Whether only a person can decide what becomes of it.
    pub fn undecided(&self) -> bool {
        self.state == DeliveryState::Uncertain
    }
}

/// `/admin/bounces`: blocked addresses and what was reported. Lifting a block posts `address`.
#[derive(Debug, Clone, Template)]
#[template(path = "web/admin/bounces.html")]
pub struct AdminBounces {
    /// What is around it.
    pub shell: Shell,
    /// The hidden field of every form.
    pub csrf: String,
    /// What has just been done or gone wrong.
    pub notice: Option<String>,
    /// Whether a mailbox is read or hooks are open.
    pub listening: bool,
    /// Addresses that get nothing.
    pub blocks: Vec<AdminBlock>,
    /// The newest reports.
    pub reports: Vec<AdminReportRow>,
}

/// A blocked address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminBlock {
    /// The address.
    pub address: String,
    /// Why.
    pub why: String,
    /// Since when.
    pub since: String,
    /// The report that led to it.
    pub report: String,
}

/// A report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminReportRow {
    /// Its id.
    pub id: String,
    /// When it was taken in.
    pub at: String,
    /// What it says.
    pub kind: &'static str,
    /// About whom.
    pub address: String,
    /// `friday #12`
    pub issue: Option<String>,
    /// The reporter's words.
    pub words: String,
    /// What followed.
    pub effect: String,
}

/// `/admin/bounces/{id}`: one report with its mail.
#[derive(Debug, Clone, Template)]
#[template(path = "web/admin/report.html")]
pub struct AdminReport {
    /// What is around it.
    pub shell: Shell,
    /// The hidden field of every form.
    pub csrf: String,
    /// The report.
    pub row: AdminReportRow,
    /// Where it came from, and how it was tied to the address.
    pub source: String,
    /// The block that stands on the address.
    pub block: Option<AdminBlock>,
    /// The mail or the hook's body, as it came.
    pub raw: String,
    /// Whether it is cut.
    pub cut: bool,
}
