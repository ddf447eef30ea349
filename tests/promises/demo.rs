//! The promise: the demo shows the whole product with no set-up, and has nothing to do with the operator's own
//! settings, database or mail.

use std::path::Path;

use crate::house::{binary, files_below, parts, run, seen};

/// Runs the demo from a folder, with an environment that would break or misuse anything that heeds it.
fn demo(folder: &Path, temporary: &Path) -> crate::house::Ran {
    let mut command = binary();
    command.current_dir(folder).args(["demo", "--once", "-o", "out"]).env("TMPDIR", temporary);
    command.envs([
        ("PULLQUOTE__SMTP__URL", "smtp://127.0.0.1:1?tls=none"),
        ("PULLQUOTE__PATHS__DATA", "/proc/no-such-place"),
        ("PULLQUOTE__PATHS__DIGESTS", "nowhere"),
        ("PULLQUOTE__NO__SUCH__KEY", "1"),
        ("PULLQUOTE__LISTEN", "nonsense"),
        ("http_proxy", "http://127.0.0.1:1"),
        ("LANG", "tr_TR.UTF-8"),
        ("TZ", "Asia/Kathmandu"),
    ]);
    run(command, "")
}

#[test]
fn the_demo_writes_mails_pages_and_feeds_and_touches_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let temporary = tempfile::tempdir().unwrap();
    let config = folder.path().join("config");
    std::fs::create_dir(&config).unwrap();
    std::fs::write(config.join("pullquote.toml"), "this is = = no TOML").unwrap();
    let ran = demo(folder.path(), temporary.path()).done();
    assert_eq!(ran.out, "");
    assert!(ran.err.contains("index.html"), "it says where to look: {}", ran.err);

    let written = files_below(folder.path());
    let out = folder.path().join("out");
    let others: Vec<_> = written.iter().filter(|path| !path.starts_with(&out)).collect();
    assert_eq!(others, [&config.join("pullquote.toml")]);
    assert_eq!(std::fs::read_to_string(config.join("pullquote.toml")).unwrap(), "this is = = no TOML");
    assert_eq!(files_below(temporary.path()), Vec::<std::path::PathBuf>::new(), "it cleans up after itself");
    assert_eq!(std::fs::read_dir(temporary.path()).unwrap().count(), 0);

    let of = |ending: &str| -> Vec<_> {
        written.iter().filter(|path| path.extension().is_some_and(|known| known == ending)).collect()
    };
    let mails: Vec<String> = of("eml").into_iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
    assert_eq!(mails.len(), 3);
    for mail in &mails {
        let (text, html) = parts(mail);
        assert!(text.contains("THE WEEKEND SHELF") && seen(&html).contains("The Weekend Shelf"));
        assert!(text.contains('“'), "somebody is quoted");
    }
    for path in of("xml") {
        let feed = std::fs::read_to_string(path).unwrap();
        if !path.display().to_string().contains("atom") {
            assert!(!rss::Channel::read_from(feed.as_bytes()).unwrap().items().is_empty(), "{}", path.display());
        }
    }
    assert!(of("xml").len() >= 3);
    for path in of("html") {
        let html = std::fs::read_to_string(path).unwrap();
        for link in html.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            let here = !link.contains(':') && !link.starts_with(['#', '/']) && !link.is_empty();
            assert!(!here || out.join(link).is_file(), "{}: {link} leads nowhere", path.display());
        }
    }
    assert!(of("html").iter().any(|path| path.ends_with("index.html")));
}

#[test]
fn a_demo_that_cannot_write_says_where_and_fails() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("out"), "a file in the way").unwrap();
    let ran = demo(folder.path(), folder.path());
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.contains("out"), "{}", ran.err);
    assert_eq!(std::fs::read_to_string(folder.path().join("out")).unwrap(), "a file in the way");
}
