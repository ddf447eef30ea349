//! The demo: the whole product on the shipped example, in a folder of its own that nothing else touches.

use std::{path::Path, sync::Arc};

use include_dir::{Dir, include_dir};

use super::{App, AppError, subscribe};
use crate::{
    clock::Clock,
    model::{Digest, DisplayName, EmailAddress},
    settings::{self, Settings},
    subscribers::exchange::Row,
};

/// The example: a digest file and the reviews beside it, inside the binary.
static EXAMPLE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/digests");

/// The people who get the example's issue.
const READERS: [(&str, &str); 3] =
    [("Ada Keller", "ada@example.org"), ("Bruno Silva", "bruno@example.org"), ("Chiyo Tanaka", "chiyo@example.org")];

/// Password of the admin pages in the demo, which only this machine can reach.
pub const PASSWORD: &str = "demo-demo";

/// The digest that the example defines.
pub const DIGEST: &str = "weekend";

/// Lays the example out in a folder and opens the house there. Neither the operator's settings nor the
/// environment have a say, so that a demo never mails anybody.
///
/// # Errors
/// Where the folder cannot be written.
pub async fn open(folder: &Path, public_url: &str) -> Result<(Arc<App>, Digest), AppError> {
    let settings = settings(folder, public_url)?;
    let digests = settings::load_digests(&settings.paths.digests).map_err(AppError::Problems)?;
    let app = App::open(settings, digests, Clock::System).await?;
    let digest = app.digest(DIGEST)?;
    for (name, address) in READERS {
        let email = EmailAddress::parse(address).map_err(|error| AppError::Input(error.to_string()))?;
        let name = DisplayName::parse(name).map_err(|error| AppError::Input(error.to_string()))?;
        subscribe::add(&app, &digest, Row::new(email, name), false).await?;
    }
    Ok((app, digest))
}

fn settings(folder: &Path, public_url: &str) -> Result<Settings, AppError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| AppError::File { path, source }
    };
    let digests = folder.join("digests");
    std::fs::create_dir_all(&digests).map_err(failed(&digests))?;
    EXAMPLE.extract(&digests).map_err(failed(&digests))?;
    // A file of our own, so that one in the working directory is not read.
    let file = folder.join("demo.toml");
    std::fs::write(&file, "").map_err(failed(&file))?;
    let variable = |key: &str, value: String| (format!("PULLQUOTE__{key}"), value);
    let variables = [
        variable("PUBLIC_URL", public_url.to_owned()),
        variable("PATHS__DATA", folder.join("data").display().to_string()),
        variable("PATHS__DIGESTS", digests.display().to_string()),
        variable("SMTP__URL", format!("maildir:{}", folder.join("mailbox").display())),
        variable("ADMIN__PASSWORD", PASSWORD.to_owned()),
    ];
    settings::load(Some(&file), variables.into_iter()).map_err(AppError::Problems)
}
