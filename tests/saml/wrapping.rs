//! Signature wrapping in its eight classic forms (Somorovsky and others, "On Breaking SAML: Be Whoever You Want to Be", 2012), against
//! the signature of the assertion and of the response: a good signature stands in the document, over the element that was signed, and
//! a forged element stands where a careless reader looks.

use crate::stage::Stage;
use crate::support::ending::UNTRUSTED;
use crate::support::fake_idp::message::Message;
use crate::support::fake_idp::signing::insert;

/// What was signed, its signature, and what is to be read instead.
struct Parts {
    /// Whole, with its signature.
    signed: String,
    /// Without it.
    original: String,
    signature: String,
    /// The same with another `ID` and another name.
    forged: String,
}

fn forge(element: &str) -> String {
    element.replace("grace-4711", "admin-4711").replacen(" ID=\"_", " ID=\"_f", 1)
}

/// `forged` with the signature in its place, changed.
fn with(parts: &Parts, signature: &str) -> String {
    insert(&parts.forged, signature)
}

fn within_signature(parts: &Parts, content: &str) -> String {
    parts.signature.replace("</ds:Signature>", &format!("{content}</ds:Signature>"))
}

fn at_the_end(element: &str, content: &str) -> String {
    let at = element.rfind("</").unwrap();
    format!("{}{content}{}", &element[..at], &element[at..])
}

/// The eight forms, for an element within another that `around` puts it into: gives what stands in the place of the signed element.
fn wrapped(form: u8, parts: &Parts) -> String {
    match form {
        // The original within the signature that stands in the forged one.
        1 => with(parts, &within_signature(parts, &parts.original)),
        // The original before the signature.
        2 => with(parts, &format!("{}{}", parts.original, parts.signature)),
        // The forged one before the original, as its sibling.
        3 => format!("{}{}", parts.forged, parts.signed),
        // The original within the forged one.
        4 => at_the_end(&parts.forged, &parts.signed),
        // The signature in the forged one, the original behind it.
        5 => format!("{}{}", with(parts, &parts.signature), parts.original),
        // The original within `KeyInfo` of the signature in the forged one.
        6 => with(parts, &parts.signature.replace("<ds:KeyInfo>", &format!("<ds:KeyInfo>{}", parts.original))),
        // The forged one within `Extensions`, before the original.
        7 => format!("<samlp:Extensions>{}</samlp:Extensions>{}", parts.forged, parts.signed),
        // The original within an `Object` of the signature in the forged one.
        _ => with(parts, &within_signature(parts, &format!("<ds:Object>{}</ds:Object>", parts.original))),
    }
}

fn wrap_assertion(form: u8) -> impl FnOnce(&mut Message) {
    move |message| {
        let signing = message.assertion.sign.clone().unwrap();
        let original = message.assertion.unsigned();
        let signature = signing.signature(&original, &message.assertion.id);
        let parts = Parts { signed: insert(&original, &signature), forged: forge(&original), original, signature };
        let document = message.around(&wrapped(form, &parts));
        message.document = Box::new(move |_| document.clone());
    }
}

fn wrap_response(form: u8) -> impl FnOnce(&mut Message) {
    move |message| {
        let signing = message.assertion.sign.take().unwrap();
        let original = message.around(&message.assertion.unsigned());
        let signature = signing.signature(&original, &message.id);
        // Each assertion has an `ID` of its own, or that alone would be enough to refuse it.
        let forged = forge(&original).replace(&message.assertion.id, "_forged");
        let parts = Parts { signed: insert(&original, &signature), forged, original, signature };
        let document = match form {
            // A response is the root: siblings stand in it.
            3 => insert(&parts.forged, &parts.signed),
            5 => at_the_end(&with(&parts, &parts.signature), &parts.original),
            7 => insert(&parts.forged, &format!("<samlp:Extensions>{}</samlp:Extensions>", parts.signed)),
            form => wrapped(form, &parts),
        };
        message.document = Box::new(move |_| document.clone());
    }
}

/// The wrapping is refused for `cause`, and a good login at the same provider goes on.
async fn refuses(wrap: impl FnOnce(&mut Message), cause: &str) {
    let mut stage = Stage::set("").await;

    let page = stage.log_in(wrap).await;

    stage.assert_ended(&page, UNTRUSTED, cause);
    stage.assert_next_login_succeeds().await;
    stage.assert_log_holds_no_secret();
}

macro_rules! wrappings {
    ($($name:ident: $wrap:ident($form:literal) => $cause:literal;)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            refuses($wrap($form), $cause).await;
        }
    )*};
}

wrappings! {
    an_assertion_wrapped_in_the_first_form: wrap_assertion(1) => "fails the one assertion check: there are several";
    an_assertion_wrapped_in_the_second_form: wrap_assertion(2) => "fails the one assertion check: there are several";
    an_assertion_wrapped_in_the_third_form: wrap_assertion(3) => "fails the one assertion check: there are several";
    an_assertion_wrapped_in_the_fourth_form: wrap_assertion(4) => "fails the one assertion check: there are several";
    an_assertion_wrapped_in_the_fifth_form: wrap_assertion(5) => "fails the one assertion check: there are several";
    an_assertion_wrapped_in_the_sixth_form: wrap_assertion(6) => "fails the one assertion check: there are several";
    an_assertion_wrapped_in_the_seventh_form: wrap_assertion(7) => "fails the one assertion check: there are several";
    an_assertion_wrapped_in_the_eighth_form: wrap_assertion(8) => "fails the one assertion check: there are several";
    a_response_wrapped_in_the_first_form: wrap_response(1) => "fails the signature form check";
    a_response_wrapped_in_the_second_form: wrap_response(2) => "fails the signature `Reference` check";
    a_response_wrapped_in_the_third_form: wrap_response(3) => "fails the one assertion check: there are several";
    a_response_wrapped_in_the_fourth_form: wrap_response(4) => "fails the one assertion check: there are several";
    a_response_wrapped_in_the_fifth_form: wrap_response(5) => "fails the signature `Reference` check";
    a_response_wrapped_in_the_sixth_form: wrap_response(6) => "fails the signature `Reference` check";
    a_response_wrapped_in_the_seventh_form: wrap_response(7) => "fails the one assertion check: there are several";
    a_response_wrapped_in_the_eighth_form: wrap_response(8) => "fails the signature form check";
}
