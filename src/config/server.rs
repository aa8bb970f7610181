//! Section `[server]`.

use std::net::SocketAddr;

use ipnet::IpNet;

use super::read::{Fault, Field, List, Reader, Spot, Whole, keys, quoted, text_type};

/// Section `[server]`, checked: where Roomkey listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Where visitors are answered; port 0 takes any free one.
    pub listen: SocketAddr,
    /// Where metrics and health are; `None`: nowhere.
    pub management_listen: Option<SocketAddr>,
    /// Whose `Forwarded` and `X-Forwarded-*` are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Threads that answer visitors; `None`: one for each core.
    pub workers: Option<usize>,
}

keys! {
    /// Section `[server]`: where Roomkey listens.
    ServerKeys {
        /// Address and port where visitors are answered, mostly by way of a reverse proxy. Port `0` takes any free port, which the
        /// log then names. Takes effect at a restart.
        #[schemars(extend("default" = "127.0.0.1:8080"))]
        listen: Listen,
        /// Address and port of `/metrics`, `/health/live` and `/health/ready`, apart from the public side; `""` turns it off.
        /// Takes effect at a restart.
        #[schemars(extend("default" = "127.0.0.1:9090"))]
        management_listen: ListenOrOff,
        /// Networks of the reverse proxies whose `Forwarded` and `X-Forwarded-*` headers are believed, in CIDR notation. Without
        /// any, the address of the connection counts.
        #[schemars(extend("default" = []))]
        trusted_proxies: List<Network>,
        /// Threads that answer visitors. Default: one for each core. Takes effect at a restart.
        workers: Whole<1, 1024>,
    }
}

/// An address to listen on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Listen(SocketAddr);

/// An address to listen on, or `""`.
#[derive(Clone, Copy, Debug)]
pub(super) struct ListenOrOff(Option<SocketAddr>);

/// A network in CIDR notation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Network(IpNet);

impl Listen {
    fn parse(text: &str) -> Result<Self, Fault> {
        let wrong = || format!("{} is no IP address with a port", quoted(text));
        let fault = |_| Fault::new(wrong(), "give both, as in `127.0.0.1:8080` or `[::]:8080`");
        text.parse().map(Self).map_err(fault)
    }
}

impl ListenOrOff {
    fn parse(text: &str) -> Result<Self, Fault> {
        if text.is_empty() { Ok(Self(None)) } else { Listen::parse(text).map(|Listen(address)| Self(Some(address))) }
    }
}

impl Network {
    fn parse(text: &str) -> Result<Self, Fault> {
        if let Ok(network) = text.parse::<IpNet>() {
            return Ok(Self(network));
        }
        let remedy = match text.parse::<std::net::IpAddr>() {
            Ok(address) => format!("write `{}` for this one address", IpNet::from(address)),
            Err(_) => "write it as in `10.0.0.0/8` or `2001:db8::/32`".to_owned(),
        };
        Err(Fault::new(format!("{} is no network", quoted(text)), remedy))
    }
}

text_type!(Listen, "Listen", { "examples": ["127.0.0.1:8080", "[::]:8080"] });
text_type!(ListenOrOff, "ListenOrOff", { "examples": ["127.0.0.1:9090", ""] });
text_type!(Network, "Network", { "examples": ["10.0.0.0/8", "127.0.0.1/32"] });

impl ServerKeys {
    pub(super) fn check(self, reader: &Reader<'_>) -> Server {
        let loopback = |port| SocketAddr::from(([127, 0, 0, 1], port));
        let management_spot = self.management_listen.spot().clone();
        let Listen(listen) = self.listen.or(Listen(loopback(8080)));
        let ListenOrOff(management_listen) = self.management_listen.or(ListenOrOff(Some(loopback(9090))));
        if listen.port() != 0 && management_listen == Some(listen) {
            reader.wrong(
                &management_spot,
                "is the same as `server.listen`",
                "give it another port, or `\"\"` to turn it off",
            );
        }
        Server {
            listen,
            management_listen,
            trusted_proxies: trusted_proxies(reader, self.trusted_proxies),
            workers: self.workers.given().and_then(|Whole(count)| usize::try_from(count).ok()),
        }
    }
}

fn trusted_proxies(reader: &Reader<'_>, field: Field<List<Network>>) -> Vec<IpNet> {
    let warn = |spot: &Spot| {
        let doubt = "believes the forwarded headers of everybody, who may then pretend any address";
        reader.warn(spot, doubt, "name the networks of your proxies");
    };
    let networks = field.given().map(|List(networks)| networks).unwrap_or_default();
    networks.iter().filter(|at| at.value.0.prefix_len() == 0).for_each(|at| warn(&at.spot));
    networks.into_iter().map(|at| at.value.0).collect()
}
