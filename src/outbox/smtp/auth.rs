//! Showing who we are (RFC 4954): PLAIN (RFC 4616), LOGIN, XOAUTH2.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::password::Password;
use super::talk::Talk;
use super::verdict::Trouble;
use crate::config::Auth;

/// An account on the server.
#[derive(Debug)]
pub(super) struct Login {
    pub user: String,
    pub password: Password,
    pub auth: Auth,
}

/// Shows who we are, in the way that the settings ask for or the server offers.
pub(super) fn authenticate(
    talk: &mut Talk,
    login: &Login,
    at_most: Duration,
) -> Result<(), Trouble> {
    let mechanism = mechanism(login.auth, &talk.offers.auth).ok_or(Trouble::NoMechanism)?;
    let (first, later) = match mechanism {
        Auth::Login => ("AUTH LOGIN".to_owned(), login_answers(login)),
        Auth::XOAuth2 => {
            // A refusal comes as a challenge first, which is answered by nothing.
            (
                format!("AUTH XOAUTH2 {}", xoauth2(login)),
                vec![String::new()],
            )
        }
        Auth::Auto | Auth::Plain => (format!("AUTH PLAIN {}", plain(login)), Vec::new()),
    };
    let mut ask = |line: &str| talk.command(line, at_most).map_err(Trouble::Silence);
    let mut reply = ask(&first)?;
    for answer in later {
        if reply.code != 334 {
            break;
        }
        reply = ask(&answer)?;
    }
    match reply.code {
        235 => Ok(()),
        _ => Err(Trouble::Reply(reply)),
    }
}

fn mechanism(asked: Auth, offered: &[String]) -> Option<Auth> {
    let name = |auth| match auth {
        Auth::Auto | Auth::Plain => "PLAIN",
        Auth::Login => "LOGIN",
        Auth::XOAuth2 => "XOAUTH2",
    };
    let candidates: &[Auth] = match asked {
        Auth::Auto => &[Auth::Plain, Auth::Login],
        Auth::Plain => &[Auth::Plain],
        Auth::Login => &[Auth::Login],
        Auth::XOAuth2 => &[Auth::XOAuth2],
    };
    let is_offered = |auth: &&Auth| offered.iter().any(|offer| offer == name(**auth));
    candidates.iter().find(is_offered).copied()
}

fn plain(login: &Login) -> String {
    STANDARD.encode(format!("\0{}\0{}", login.user, login.password.reveal()))
}

fn login_answers(login: &Login) -> Vec<String> {
    vec![
        STANDARD.encode(&login.user),
        STANDARD.encode(login.password.reveal()),
    ]
}

fn xoauth2(login: &Login) -> String {
    let (user, token) = (&login.user, login.password.reveal());
    STANDARD.encode(format!("user={user}\u{1}auth=Bearer {token}\u{1}\u{1}"))
}

#[cfg(test)]
mod tests {
    use super::{Auth, Login, login_answers, mechanism, plain, xoauth2};
    use crate::outbox::smtp::password::Password;

    fn login() -> Login {
        Login {
            user: "tim".to_owned(),
            password: Password::new("tanstaaftanstaaf"),
            auth: Auth::Auto,
        }
    }

    #[test]
    fn the_answers_are_those_of_the_standards() {
        // RFC 4616 §4.
        assert_eq!(plain(&login()), "AHRpbQB0YW5zdGFhZnRhbnN0YWFm");
        assert_eq!(
            login_answers(&login()),
            ["dGlt", "dGFuc3RhYWZ0YW5zdGFhZg=="]
        );
        // The sample of Google's description.
        let google = Login {
            user: "someuser@example.com".to_owned(),
            password: Password::new("ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg"),
            auth: Auth::XOAuth2,
        };
        assert_eq!(
            xoauth2(&google),
            "dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRmdDRxbVRjMk52YjNSbGNrQmhkSFJoZG1semRHRXVZMjl0Q2cBAQ=="
        );
    }

    #[test]
    fn what_the_settings_ask_for_must_be_offered() {
        let offered = |names: &[&str]| -> Vec<String> {
            names.iter().map(|name| (*name).to_owned()).collect()
        };
        let both = offered(&["LOGIN", "PLAIN"]);
        assert_eq!(mechanism(Auth::Auto, &both), Some(Auth::Plain));
        assert_eq!(mechanism(Auth::Login, &both), Some(Auth::Login));
        assert_eq!(mechanism(Auth::XOAuth2, &both), None);
        let old = offered(&["CRAM-MD5", "LOGIN"]);
        assert_eq!(mechanism(Auth::Auto, &old), Some(Auth::Login));
        assert_eq!(mechanism(Auth::Plain, &old), None);
        assert_eq!(mechanism(Auth::Auto, &offered(&["CRAM-MD5"])), None);
        assert_eq!(mechanism(Auth::Auto, &[]), None);
    }
}
