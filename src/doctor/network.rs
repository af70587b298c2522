//! What is asked over the network: the dead man's switch.

use super::Check;
use crate::config::Settings;
use crate::ping::Ping;

pub(super) fn look(settings: &Settings) -> Vec<Check> {
    Ping::of(settings).iter().map(ping).collect()
}

fn ping(ping: &Ping) -> Check {
    const TOPIC: &str = "ping";
    match ping.reach() {
        Ok(()) => Check::ok(TOPIC, "the server of schedule.ping answers"),
        Err(error) => Check::repair(
            TOPIC,
            format!("the server of schedule.ping can't be asked: {error}"),
            "see the address in programme.toml, the network and the firewall",
        ),
    }
}
