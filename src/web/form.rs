//! Posted forms: fields that may come several times, as HTML sends them.

use axum::body::Bytes;

/// The fields of a form (`application/x-www-form-urlencoded`).
#[derive(Debug, Clone, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads a body. What is no form has no fields.
    pub fn read(body: &Bytes) -> Self {
        Self(url::form_urlencoded::parse(body).into_owned().collect())
    }

    /// The first value of a field, without white space around it; empty where there is none.
    pub fn one(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// The first value of a field, where the form has it at all.
    pub fn given(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim())
    }

    /// Every value of a field.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.trim()).collect()
    }

    /// The rows of a text field that are not empty.
    pub fn rows(&self, name: &str) -> Vec<String> {
        self.one(name).lines().map(str::trim).filter(|row| !row.is_empty()).map(str::to_owned).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_may_come_several_times() {
        let fields = Fields::read(&Bytes::from_static(b"digest=a&email=+ann%40example.org&digest=b&to=x%0D%0A%0D%0Ay"));
        assert_eq!(fields.all("digest"), ["a", "b"]);
        assert_eq!(fields.one("email"), "ann@example.org");
        assert_eq!(fields.one("name"), "");
        assert_eq!(fields.rows("to"), ["x", "y"]);
    }
}
