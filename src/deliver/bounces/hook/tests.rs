//! What reading a hook promises, on events as the providers document them.

use serde_json::json;

use super::*;
use crate::model::bounce::ReportKind;

fn events(hook: Hook, body: &Value) -> Vec<Event> {
    match hook.read(body.to_string().as_bytes()) {
        Ok(Posted::Events(events)) => events,
        other => panic!("{other:?}"),
    }
}

fn only(hook: Hook, body: &Value) -> Event {
    let mut events = events(hook, body);
    assert_eq!(events.len(), 1, "{events:#?}");
    events.remove(0)
}

fn ses(bounce_type: &str, sub_type: &str) -> Value {
    json!({
        "notificationType": "Bounce",
        "bounce": {
            "bounceType": bounce_type, "bounceSubType": sub_type, "feedbackId": "f-1",
            "bouncedRecipients": [{
                "emailAddress": "Ann <ann@readers.example>", "action": "failed", "status": "5.1.1",
                "diagnosticCode": "smtp; 550 5.1.1 user unknown"
            }],
        },
        "mail": {
            "source": "bounces+abc@lists.example",
            "headers": [{ "name": "Message-ID", "value": "<friday.12.0a@example.org>" },
                        { "name": "List-Unsubscribe", "value": "<https://x.example/unsubscribe/t>" }],
        },
    })
}

#[test]
fn a_bounce_of_ses_is_read_raw_and_in_its_envelope() {
    let message = ses("Permanent", "General");
    let raw = only(Hook::Ses, &message);
    assert_eq!((raw.id.as_str(), raw.told.kind), ("f-1", ReportKind::Hard));
    assert_eq!(raw.told.addresses[0].as_str(), "ann@readers.example");
    assert_eq!(raw.returned.message_id.as_deref(), Some("friday.12.0a@example.org"));
    assert_eq!(raw.returned.traces, ["bounces+abc@lists.example", "<https://x.example/unsubscribe/t>"]);
    let envelope = json!({ "Type": "Notification", "MessageId": "m-1", "Message": message.to_string() });
    assert_eq!(only(Hook::Ses, &envelope), raw);
    assert_eq!(only(Hook::Ses, &ses("Transient", "MailboxFull")).told.kind, ReportKind::Soft);
    assert_eq!(only(Hook::Ses, &ses("Transient", "ContentRejected")).told.kind, ReportKind::Policy);
}

#[test]
fn a_complaint_of_ses_is_read_and_a_delivery_passed_over() {
    let complaint = json!({ "eventType": "Complaint", "mail": {},
        "complaint": { "feedbackId": "c-1", "complainedRecipients": [{ "emailAddress": "ann@readers.example" }] } });
    assert_eq!(only(Hook::Ses, &complaint).told.kind, ReportKind::Complaint);
    assert_eq!(events(Hook::Ses, &json!({ "eventType": "Delivery", "mail": {} })), []);
}

#[test]
fn only_amazons_own_address_is_ever_opened_to_confirm() {
    let confirm = |url: &str| {
        Hook::Ses.read(json!({ "Type": "SubscriptionConfirmation", "SubscribeURL": url }).to_string().as_bytes())
    };
    let good = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:x&Token=abc";
    assert_eq!(confirm(good), Ok(Posted::Confirm(good.to_owned())));
    for bad in [
        "http://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription",
        "https://169.254.169.254/?Action=ConfirmSubscription",
        "https://sns.eu-west-1.amazonaws.com.evil.example/?Action=ConfirmSubscription",
        "https://sns.evil.example/.amazonaws.com/?Action=ConfirmSubscription",
        "https://sns.a.b.amazonaws.com/?Action=ConfirmSubscription",
        "https://u@sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription",
        "https://sns.eu-west-1.amazonaws.com:8443/?Action=ConfirmSubscription",
        "https://sns.eu-west-1.amazonaws.com/?Action=Publish",
        "https://sns.eu-west-1.amazonaws.com/x?Action=ConfirmSubscription",
        "file:///etc/passwd",
        "",
    ] {
        assert!(confirm(bad).is_err(), "{bad}");
    }
}

#[test]
fn postmarks_kinds_are_told_apart() {
    let kind = |kind: &str| {
        let body = json!({ "RecordType": "Bounce", "ID": 42, "Type": kind, "Email": "ann@readers.example",
            "From": "digest@example.org", "Details": "smtp;550 5.1.1 unknown" });
        let event = only(Hook::Postmark, &body);
        assert_eq!(event.id, "Bounce/42");
        event.told.kind
    };
    assert_eq!(kind("HardBounce"), ReportKind::Hard);
    assert_eq!(kind("SoftBounce"), ReportKind::Soft);
    assert_eq!(kind("SpamNotification"), ReportKind::Policy);
    assert_eq!(kind("AutoResponder"), ReportKind::Autoreply);
    let complaint = json!({ "RecordType": "SpamComplaint", "ID": 7, "Email": "ann@readers.example" });
    assert_eq!(only(Hook::Postmark, &complaint).told.kind, ReportKind::Complaint);
    let left = json!({ "RecordType": "SubscriptionChange", "Recipient": "ann@readers.example", "SuppressSending": true,
        "SuppressionReason": "ManualSuppression" });
    assert_eq!(only(Hook::Postmark, &left).told.kind, ReportKind::Leave);
    assert_eq!(events(Hook::Postmark, &json!({ "RecordType": "Open", "Recipient": "ann@readers.example" })), []);
    assert!(Hook::Postmark.read(b"{\"RecordType\":\"Bounce\"}").is_err());
}

#[test]
fn mailguns_failures_are_final_or_not_and_its_signature_counts() {
    let failed = |severity: &str, reason: &str| {
        let body = json!({ "signature": {}, "event-data": { "event": "failed", "id": "e-1", "severity": severity,
            "reason": reason, "recipient": "ann@readers.example",
            "message": { "headers": { "message-id": "friday.12.0a@example.org", "to": "ann@readers.example" } },
            "delivery-status": { "code": 550, "message": "5.1.1 no such user" } } });
        only(Hook::Mailgun, &body)
    };
    assert_eq!(failed("permanent", "generic").told.kind, ReportKind::Hard);
    assert_eq!(failed("temporary", "generic").told.kind, ReportKind::Delayed);
    assert_eq!(failed("permanent", "suppress-complaint").told.kind, ReportKind::Complaint);
    assert_eq!(failed("permanent", "generic").returned.message_id.as_deref(), Some("friday.12.0a@example.org"));
    // HMAC-SHA256("key", "1529006854" + "a8ce0edb"), by openssl.
    let body = json!({ "signature": { "timestamp": "1529006854", "token": "a8ce0edb",
        "signature": "dfa6721c34b48fae216218a852d89a457dfe84ec5166bff861540fffc182b7f3" } })
    .to_string();
    assert!(Hook::Mailgun.signed_by(body.as_bytes(), "key"));
    assert!(!Hook::Mailgun.signed_by(body.as_bytes(), "other"));
    assert!(!Hook::Mailgun.signed_by(body.replace("a8ce0edb", "a8ce0edc").as_bytes(), "key"));
    assert!(!Hook::Mailgun.signed_by(b"{}", "key"));
    assert!(!Hook::Postmark.signed_by(body.as_bytes(), "key"));
}

#[test]
fn the_plain_form_is_exact_about_what_it_takes() {
    let one = json!({ "kind": "bounce", "email": "ann@readers.example", "words": "550 5.1.1 user unknown" });
    assert_eq!(only(Hook::Generic, &one).told.kind, ReportKind::Hard);
    let two = json!([{ "kind": "complaint", "message_id": "<friday.1.a@example.org>", "id": "x" }, one]);
    assert_eq!(events(Hook::Generic, &two).len(), 2);
    for (bad, why) in [
        (json!({ "kind": "hrad", "email": "ann@readers.example" }), "`hrad` is no kind"),
        (json!({ "kind": "hard" }), "email or message_id"),
        (json!({ "kind": "hard", "email": "ann" }), "not a mail address"),
        (json!({ "kind": "hard", "email": "a@b.org", "status": "x" }), "enhanced status code"),
        (json!({ "kind": "hard", "emial": "a@b.org" }), "emial"),
    ] {
        let error = Hook::Generic.read(bad.to_string().as_bytes()).unwrap_err();
        assert!(error.contains(why), "{error}");
    }
    assert!(Hook::Generic.read(b"no").unwrap_err().contains("not JSON"));
}
