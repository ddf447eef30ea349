//! The further cadences of a digest: each is a stream of issues of its own over the same reviews.

use super::{Digest, DigestName};
use crate::model::schedule::Schedule;

/// A cadence that subscribers may choose beside the digest's own.
#[derive(Debug, Clone, PartialEq)]
pub struct Cadence {
    /// The stream that it is: the digest's stem, a hyphen, the cadence's name.
    pub stream: DigestName,
    /// Its name, such as `weekly`.
    pub name: String,
    /// What readers see in place of the digest's title with the name in brackets.
    pub title: Option<String>,
    /// When its issues are due, in the digest's zone.
    pub schedule: Schedule,
    /// In place of the digest's `select.minimum`.
    pub minimum: Option<usize>,
    /// In place of the digest's `select.maximum`.
    pub maximum: Option<usize>,
}

impl Digest {
    /// The digest's own stream, then one for each cadence that it offers.
    pub fn streams(self) -> Vec<Self> {
        let further: Vec<Self> = self.cadences.iter().map(|cadence| self.at(cadence)).collect();
        std::iter::once(self).chain(further).collect()
    }

    /// The digest at a further cadence.
    fn at(&self, cadence: &Cadence) -> Self {
        let mut stream = self.clone();
        stream.name = cadence.stream.clone();
        stream.cadence = Some(cadence.name.clone());
        stream.cadences = Vec::new();
        stream.title = cadence.title.clone().unwrap_or_else(|| format!("{} ({})", self.title, cadence.name));
        stream.schedule = Some(cadence.schedule.clone());
        stream.select.minimum = cadence.minimum.unwrap_or(stream.select.minimum);
        stream.select.maximum = cadence.maximum.unwrap_or(stream.select.maximum);
        stream.select.archive = stream.select.archive.min(stream.select.maximum);
        stream
    }
}
