//! What the settings promise.

use std::{net::IpAddr, path::Path, time::Duration};

use super::*;

/// Settings of a file's text and some variables.
fn load_from(text: &str, env: &[(&str, &str)]) -> Result<Settings, Vec<String>> {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("s.toml");
    std::fs::write(&file, text).unwrap();
    let env = env.iter().map(|(name, value)| (name.to_string(), value.to_string()));
    let place = format!("{}/", dir.path().display());
    load(Some(&file), env).map_err(|found| found.iter().map(|p| p.to_string().replace(&place, "")).collect())
}

fn ok(text: &str, env: &[(&str, &str)]) -> Settings {
    load_from(text, env).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn only_problem(text: &str, env: &[(&str, &str)]) -> String {
    let mut problems = load_from(text, env).expect_err("it was taken");
    assert_eq!(problems.len(), 1, "{problems:#?}");
    problems.remove(0)
}

#[test]
fn nothing_needs_to_be_set() {
    let settings = ok("", &[]);
    assert_eq!(settings.public_url.as_str(), "http://127.0.0.1:8080/");
    assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(
        (settings.paths.data.as_path(), settings.paths.digests.as_path()),
        (Path::new("data"), Path::new("digests"))
    );
    assert_eq!(settings.store.database, Database::Sqlite("data/pullquote.db".into()));
    assert_eq!(settings.smtp.mail, Mail::Maildir("data/outbox".into()));
    assert_eq!((settings.smtp.connections, settings.smtp.timeout), (4, Duration::from_secs(60)));
    assert!(settings.secret.is_none() && settings.admin_password.is_none() && settings.api_token.is_none());
    assert_eq!(
        (settings.collect.every, settings.collect.timeout),
        (Duration::from_secs(3600), Duration::from_secs(30))
    );
    assert!(settings.collect.allow.is_empty() && settings.smtp.ca_file.is_none());
    assert_eq!((settings.collect.spacing, settings.collect.ports.as_slice()), (Duration::from_secs(2), &[80, 443][..]));
    assert!(settings.collect.ca_file.is_none());
    assert_eq!(settings.confirm_within, Duration::from_secs(48 * 3600));
    assert_eq!((settings.log.level.as_str(), settings.log.format), ("info", LogFormat::Text));
}

#[test]
fn the_environment_goes_before_the_file_and_the_file_before_the_defaults() {
    let text = "listen = \"0.0.0.0:1\"\n[paths]\ndata = \"here\"\n[smtp]\nconnections = 2";
    let env = [("PULLQUOTE__PATHS__DATA", "there"), ("PULLQUOTE__SMTP__CONNECTIONS", "7"), ("PULLQUOTE__LISTEN", "")];
    let settings = ok(text, &env);
    assert_eq!(settings.listen.to_string(), "0.0.0.0:1", "an empty variable is not set");
    assert_eq!(settings.store.database, Database::Sqlite("there/pullquote.db".into()));
    assert_eq!(settings.smtp.connections, 7);
    assert_eq!(settings.paths.digests, Path::new("digests"));
}

#[test]
fn a_variable_is_never_taken_for_a_number() {
    let env = [("PULLQUOTE__ADMIN__PASSWORD", "00012345"), ("PULLQUOTE__PATHS__DATA", "007")];
    let settings = ok("", &env);
    assert_eq!(settings.admin_password.unwrap().expose(), "00012345");
    assert_eq!(settings.paths.data, Path::new("007"));
}

#[test]
fn lists_in_a_variable_are_separated_by_commas() {
    let wanted = [
        Allow::Host("intranet.example".into()),
        Allow::Network { address: "10.0.0.0".parse().unwrap(), bits: 8 },
        Allow::Network { address: "::1".parse().unwrap(), bits: 128 },
    ];
    assert_eq!(ok("", &[("PULLQUOTE__COLLECT__ALLOW", "Intranet.example, 10.0.0.0/8,::1")]).collect.allow, wanted);
    assert_eq!(ok("[collect]\nallow = [\"intranet.example\", \"10.0.0.0/8\", \"[::1]\"]", &[]).collect.allow, wanted);
}

#[test]
fn every_mistake_is_told_at_once_with_its_line_or_variable() {
    let text = "public_ulr = \"https://a.org\"\nlisten = \"8080\"\n[smtp]\nconnections = 0\ntimeout = 30\n[log]\nformat = \"jsno\"\n";
    let env =
        [("PULLQUOTE__SMTP__URI", "smtp://a"), ("PULLQUOTE__LOG__LEVEL", "inof"), ("PULLQUOTE_LOG_FORMAT", "json")];
    assert_eq!(
        load_from(text, &env).unwrap_err(),
        [
            "s.toml:1: public_ulr: unknown key; did you mean `public_url`?",
            "s.toml:2: listen: `8080` is not an address with a port; write for example 127.0.0.1:8080",
            "s.toml:4: smtp.connections: must be a whole number, 1 to 64",
            "s.toml:5: smtp.timeout: must be a text in quotes",
            "s.toml:7: log.format: `jsno` is not one of text, json, did you mean `json`?",
            "PULLQUOTE_LOG_FORMAT: two underscores part the words; did you mean `PULLQUOTE__LOG__FORMAT`?",
            "PULLQUOTE__LOG__LEVEL: log.level: `inof` is not one of error, warn, info, debug, trace, off, did you mean `info`?",
            "PULLQUOTE__SMTP__URI: smtp.uri: unknown variable; did you mean `PULLQUOTE__SMTP__URL`?",
        ]
    );
}

#[test]
fn a_syntax_error_does_not_hide_the_other_mistakes() {
    let text = "public_url = digest.example.org\n[smtp]\nconnections = 65\nurl = \"smtp://h?tls=yes\"\n";
    let problems = load_from(text, &[]).unwrap_err();
    assert_eq!(problems.len(), 3, "{problems:#?}");
    assert!(problems[0].starts_with("s.toml:1: this is not TOML"), "{problems:#?}");
    assert!(problems[1].starts_with("s.toml:3: smtp.connections: must be a whole number, 1 to 64"), "{problems:#?}");
    assert!(problems[2].starts_with("s.toml:4: smtp.url: has tls=yes"), "{problems:#?}");
    // Where a list is broken over several lines, the syntax is all there is to say.
    let problems = load_from("[collect]\nallow = [\n  \"a.org,\n  \"b.org\",\n]\n", &[]).unwrap_err();
    assert!(problems.iter().all(|problem| problem.contains("this is not TOML")), "{problems:#?}");
}

#[test]
fn each_kind_of_mistake_has_its_message() {
    for (text, said) in [
        (
            "[store]\nurl = \"postgres://u:hunter2@db/p?sslmod=require\"",
            "s.toml:2: store.url: has a parameter `sslmod` that means nothing",
        ),
        ("[store]\nurl = \"sqlite::memory:\"", "must name a file"),
        ("[store]\nurl = \"mysql://x\"", "is not a database URL"),
        ("public_url = \"digest.example.org\"", "is not a URL"),
        ("public_url = \"ftp://a.org\"", "must begin with http"),
        ("public_url = \"https://a.org/?x=1\"", "neither ? nor #"),
        ("smtp = 3", "s.toml:1: smtp: must be a table, begun with [smtp]"),
        ("[smpt]\nurl = \"x\"", "s.toml:2: smpt.url: unknown key; did you mean `smtp.url`?"),
        ("[smtp]\nca_file = \"/no/such/file.pem\"", "there is no file"),
        ("[collect]\nports = [80, 70000]", "`70000` is not a port"),
        ("[collect]\nca_file = \"/no/such/file.pem\"", "there is no file"),
        ("[smtp]\nconnections = \"4\"", "must be a whole number"),
        ("[admin]\npassword = \"short\"", "s.toml:2: admin.password: is too short; 8 characters are the least"),
        ("[admin]\npassword = 12345678", "must be a text in quotes"),
        ("[collect]\nallow = \"a.org\"", "must be a list of texts"),
        ("[collect]\nallow = [\"10.0.0.0/33\"]", "is neither a host"),
        ("[collect]\nevery = \"often\"", "is not a length of time"),
        ("listen = ", "s.toml:1: this is not TOML"),
        (
            "[api]\ntoken = \"0123456789abcdef\"\ntoken_file = \"/x\"",
            "s.toml:3: api.token_file: `api.token` is given as well",
        ),
        ("secret_file = \"/no/such/file\"", "s.toml:1: secret_file: `/no/such/file` cannot be read"),
    ] {
        let problem = only_problem(text, &[]);
        assert!(problem.contains(said), "{text:?}: {problem}");
    }
    let problems = load(Some(Path::new("no-such-file.toml")), std::iter::empty()).unwrap_err();
    assert!(problems[0].to_string().starts_with("no-such-file.toml: cannot be read"), "{problems:?}");
}

#[test]
fn a_secret_can_be_in_a_file_and_the_higher_layer_wins() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("password");
    std::fs::write(&file, "from the file\n").unwrap();
    let path = file.to_str().unwrap();
    let by_file = ("PULLQUOTE__ADMIN__PASSWORD_FILE", path);
    assert_eq!(ok("", &[by_file]).admin_password.unwrap().expose(), "from the file");
    assert_eq!(ok("[admin]\npassword = \"in the toml\"", &[by_file]).admin_password.unwrap().expose(), "from the file");
    let toml = format!("[admin]\npassword_file = {path:?}");
    assert_eq!(ok(&toml, &[]).admin_password.unwrap().expose(), "from the file");
    let plain = ("PULLQUOTE__ADMIN__PASSWORD", "in the variable");
    assert_eq!(ok(&toml, &[plain]).admin_password.unwrap().expose(), "in the variable");
    // What is wrong inside is shown at the variable that led there.
    std::fs::write(&file, "smtp://host?tls=maybe").unwrap();
    let problem = only_problem("", &[("PULLQUOTE__SMTP__URL_FILE", path)]);
    assert!(problem.starts_with("PULLQUOTE__SMTP__URL_FILE: smtp.url: has tls=maybe"), "{problem}");
}

#[test]
fn no_secret_is_printed_by_debug_or_by_a_problem() {
    let env = [
        ("PULLQUOTE__SMTP__URL", "smtp://user:hunter2hunter2@mail.example.org"),
        ("PULLQUOTE__ADMIN__PASSWORD", "hunter2hunter2"),
        ("PULLQUOTE__API__TOKEN", "hunter2hunter2hunter2"),
        ("PULLQUOTE__SECRET", "hunter2hunter2hunter2hunter2hunter2"),
    ];
    let settings = ok("", &env);
    assert!(!format!("{settings:?} {settings:#?}").contains("hunter2"));
    assert!(settings.secret.is_some() && settings.api_token.is_some());
    for url in [
        "smtp://u:hunter2@h/x",
        "imap://u:hunter2@h",
        "smtp://u:hunter2@h:99999",
        "smtp://u:hunter2%@h",
        "smtp://u:12?hunter2@h",
        "hunter2",
    ] {
        assert!(!only_problem("", &[("PULLQUOTE__SMTP__URL", url)]).contains("hunter2"), "{url}");
    }
    assert!(!only_problem("[store]\nurl = \"mysql://u:hunter2@h\"", &[]).contains("hunter2"));
}

#[test]
fn an_smtp_url_says_server_protection_and_login() {
    let server = |text: &str| match Mail::parse(text).unwrap() {
        Mail::Smtp(server) => {
            (server.host, server.port, server.tls, server.login.map(|(u, p)| (u, p.expose().to_owned())))
        }
        Mail::Maildir(path) => panic!("{path:?}"),
    };
    let login = Some(("ann@x.org".to_owned(), "p/ß%".to_owned()));
    assert_eq!(server("smtp://ann%40x.org:p%2F%C3%9F%25@mail.x.org"), ("mail.x.org".into(), 587, Tls::Required, login));
    assert_eq!(server("smtps://mail.x.org"), ("mail.x.org".into(), 465, Tls::Implicit, None));
    assert_eq!(server("smtp://mail.x.org"), ("mail.x.org".into(), 25, Tls::Opportunistic, None));
    assert_eq!(server("smtp://mail.x.org:587").2, Tls::Required);
    assert_eq!(server("smtp://u:p@localhost:2525?tls=none").2, Tls::None);
    assert_eq!(server("smtp://mail.x.org:25?tls=none"), ("mail.x.org".into(), 25, Tls::None, None));
    assert_eq!(server("smtp://mail.x.org?tls=opportunistic").2, Tls::Opportunistic);
    assert_eq!(server("smtp://localhost:2525").2, Tls::Opportunistic);
    assert_eq!(server("smtp://127.0.0.1:2525").2, Tls::Opportunistic);
    assert_eq!(server("smtp://[::1]:2525"), ("::1".into(), 2525, Tls::Opportunistic, None));
    assert_eq!(Mail::parse("maildir:out/box"), Ok(Mail::Maildir("out/box".into())));
    for text in [
        "smtp://",
        "maildir:",
        "smtps://h?tls=none",
        "smtp://u:p@h?tls=none",
        "smtp://h?timeout=3",
        "smtp://u@h",
        "smtp://h/p",
        "mail.x.org:25",
    ] {
        assert!(Mail::parse(text).is_err(), "{text:?} was taken");
    }
}

#[test]
fn an_exempt_network_takes_its_addresses_and_no_others() {
    let takes = |allow: &str, ip: &str| Allow::parse(allow).unwrap().takes_address(ip.parse::<IpAddr>().unwrap());
    assert!(takes("10.0.0.0/8", "10.200.3.4") && !takes("10.0.0.0/8", "11.0.0.1"));
    assert!(takes("192.168.1.5", "192.168.1.5") && !takes("192.168.1.5", "192.168.1.6"));
    assert!(takes("10.0.0.0/8", "::ffff:10.1.1.1"), "an IPv4 address in IPv6 dress is the same address");
    assert!(takes("fd00::/8", "fd12::1") && !takes("fd00::/8", "fe80::1"));
    assert!(takes("0.0.0.0/0", "8.8.8.8") && !takes("0.0.0.0/0", "::1"));
    assert!(Allow::parse("Intranet.Example").unwrap().takes_host("intranet.example."));
    assert!(!Allow::parse("example.org").unwrap().takes_host("evil-example.org"));
}

#[test]
fn every_key_stands_in_the_default_file_with_a_comment() {
    let mut section = String::new();
    let mut found = Vec::new();
    let mut commented = false;
    for line in layers::DEFAULTS.lines() {
        if let Some(name) = line.strip_prefix('[') {
            section = format!("{}.", name.trim_end_matches(']'));
        }
        let key = line.trim_start_matches("# ").split_once(" = ").map(|(key, _)| format!("{section}{key}"));
        match key.filter(|key| layers::KEYS.contains(&key.as_str())) {
            Some(key) => {
                assert!(commented, "{key} has no comment");
                found.push(key);
                commented = false;
            }
            None => commented = line.starts_with('#'),
        }
    }
    found.sort();
    let mut known = layers::KEYS.to_vec();
    known.sort();
    assert_eq!(found, known);
}

#[test]
fn the_example_for_production_is_right_but_for_its_files() {
    let text = include_str!("../../config/production.example.toml");
    let problems = load_from(text, &[]).unwrap_err();
    assert!(problems.iter().all(|problem| problem.contains("/etc/pullquote/secrets/")), "{problems:#?}");
    let env = [("PULLQUOTE__SMTP__URL", "smtp://a:b@mail.example.org"), ("PULLQUOTE__ADMIN__PASSWORD", "long enough")];
    assert_eq!(ok(text, &env).public_url.as_str(), "https://digest.example.org/");
}

#[test]
fn digests_are_read_with_their_folders_resolved() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).unwrap();
    assert_eq!(load_digests(dir.path()).unwrap(), [], "zero digests are no mistake");
    std::fs::create_dir(dir.path().join("club")).unwrap();
    write("b.toml", "title = \"B\"\n[[source]]\nfolder = \"club\"");
    write("a.toml", "title = \"A\"\n[[source]]\npage = \"https://a.org\"");
    write("notes.txt", "not a digest");
    write(".hidden.toml", "not one either");
    let digests = load_digests(dir.path()).unwrap();
    assert_eq!(digests.iter().map(|digest| digest.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(digests[1].sources[0].place, crate::model::digest::Place::Folder(dir.path().join("club")));
    write("c.toml", "title = \"C\"\n[[source]]\nname = \"x\"\nfolder = \"clbu\"");
    write("d.toml", "titel = \"D\"\n[[source]]\nfolder = \"clubs\"");
    let place = format!("{}/", dir.path().display());
    let problems = load_digests(dir.path()).unwrap_err();
    let problems: Vec<_> = problems.iter().map(|problem| problem.to_string().replace(&place, "")).collect();
    assert_eq!(
        problems,
        [
            "c.toml:4: source[1].folder: there is no folder `clbu` beside this file",
            "d.toml:1: titel: unknown key; did you mean `title`?",
            "d.toml:3: source[1].folder: there is no folder `clubs` beside this file",
            "d.toml: title: is missing; write for example title = \"Friday Reviews\"",
        ]
    );
    let problems = load_digests(&dir.path().join("absent")).unwrap_err();
    assert!(problems[0].message.contains("set paths.digests"));
}

#[test]
fn limits_of_mail_are_numbers_and_a_domain_may_have_its_own() {
    assert!(ok("", &[]).smtp.limits.is_empty());
    let text = "[smtp]\nper_minute = 100\nper_domain = 60\ndomains = [\"Gmail.com=600\", \"example.org=0\"]\n";
    let limits = ok(text, &[]).smtp.limits;
    assert_eq!(limits.all.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["minute"]);
    let minute = Duration::from_mins(1);
    assert_eq!(limits.of_domain("gmail.com"), Rate::new(600, minute));
    assert_eq!(limits.of_domain("example.org"), None);
    assert_eq!(limits.of_domain("example.net"), Rate::new(60, minute));
    let problem = only_problem("[smtp]\ndomains = [\"gmail.com\"]\n", &[]);
    assert!(problem.contains("smtp.domains") && problem.contains("gmail.com=600"), "{problem}");
    assert!(only_problem("[smtp]\nper_hour = -1\n", &[]).contains("smtp.per_hour"));
}
