//! What the product promises, one file a promise. Everything here goes through the front doors: the command line,
//! the site, the use cases; against a real database, a real mailbox and real sockets.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should stop")]

#[path = "../support/house.rs"]
mod house;
#[path = "../support/site.rs"]
mod site;
#[path = "../support/smtp.rs"]
mod smtp;

mod a_year;
mod bounces;
mod cadences;
mod command_line;
mod demo;
mod drafts;
mod drafts_told;
mod editor;
mod feeds;
mod fetching;
mod frozen_issue;
mod hostile_input;
mod one_off;
mod opt_in;
mod orders;
mod past_runs;
mod preview_is_sent;
mod reasons;
mod reload;
mod return_path;
mod schedules;
mod serve;
mod sources;
mod spoiler_gate;
mod verbatim;
mod websub;
mod windows_meet;
