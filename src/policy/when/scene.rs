//! What an expression sees of the person, the room and the moment.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use cel::extractors::This;
use cel::{Context, ExecutionError, Value};
use ipnet::IpNet;
use jiff::tz::Offset;
use serde_json::Value as Json;

use super::{LANGUAGE, When, WhenFault};
use crate::policy::Circumstances;
use crate::provider::VerifiedIdentity;
use crate::room::{JoinRequest, Tenant};

/// `address.within("10.0.0.0/8")`.
pub(super) const WITHIN: &str = "within";

/// The variables.
pub(super) const VARIABLES: [&str; 10] =
    ["provider", "subject", "email", "groups", "claims", "guest", "room", "tenant", "address", "time"];

/// The members of `time`, all in UTC.
pub(super) const TIMES: [&str; 5] = ["epoch", "date", "hour", "minute", "weekday"];

/// One decision. The values are put together when the first expression asks for them: most decisions ask for none.
pub(in crate::policy) struct Scene<'a> {
    pub(in crate::policy) identity: &'a VerifiedIdentity,
    pub(in crate::policy) request: &'a JoinRequest,
    pub(in crate::policy) circumstances: Circumstances,
    /// They show a pass that is for them.
    pub(in crate::policy) by_pass: bool,
    values: OnceCell<Context<'static, 'static>>,
}

impl<'a> Scene<'a> {
    pub(in crate::policy) fn new(
        identity: &'a VerifiedIdentity,
        request: &'a JoinRequest,
        circumstances: Circumstances,
    ) -> Self {
        Self { identity, request, circumstances, by_pass: false, values: OnceCell::new() }
    }

    /// The same with a pass.
    pub(in crate::policy) fn with_pass(self) -> Self {
        Self { by_pass: true, ..self }
    }

    /// Whether the condition holds.
    pub(in crate::policy) fn judge(&self, when: &When) -> Result<bool, WhenFault> {
        match when.program.execute(self.values.get_or_init(|| self.context()))? {
            Value::Bool(holds) => Ok(holds),
            _ => Err(WhenFault::NoAnswer),
        }
    }

    fn context(&self) -> Context<'static, 'static> {
        let (identity, request) = (self.identity, self.request);
        let Circumstances { now, address } = self.circumstances;
        let mut context = Context::with_env(Arc::clone(&LANGUAGE));
        let groups: Vec<Value> = identity.groups().iter().map(|group| group.as_str().into()).collect();
        let at = Offset::UTC.to_datetime(now);
        let time = HashMap::from([
            ("epoch", Value::Int(now.as_second())),
            ("date", at.date().to_string().into()),
            ("hour", Value::Int(at.hour().into())),
            ("minute", Value::Int(at.minute().into())),
            ("weekday", Value::Int(at.weekday().to_monday_one_offset().into())),
        ]);
        let claims: HashMap<String, Value> =
            identity.claims().iter().map(|(name, claim)| (name.clone(), value(claim))).collect();
        let variables: [(&str, Value); VARIABLES.len()] = [
            ("provider", identity.provider().as_str().into()),
            ("subject", identity.subject().as_str().into()),
            // An address that is not verified is nobody's.
            ("email", identity.verified_email().unwrap_or_default().to_ascii_lowercase().into()),
            ("groups", groups.into()),
            ("claims", claims.into()),
            ("guest", Value::Bool(identity.is_guest())),
            ("room", request.room.decoded().into_owned().into()),
            ("tenant", request.tenant.as_ref().map(Tenant::decoded).unwrap_or_default().into_owned().into()),
            ("address", address.map(|address| address.to_string()).unwrap_or_default().into()),
            ("time", time.into()),
        ];
        for (name, value) in variables {
            context.add_variable_from_value(name, value);
        }
        // The language has no function of that name.
        let _ = context.add_function(WITHIN, within);
        context
    }
}

/// Whether an address is in a network, which has been checked to be one.
fn within(This(address): This<Arc<String>>, network: Arc<String>) -> Result<bool, ExecutionError> {
    let none = |_| ExecutionError::function_error(WITHIN, "no address");
    let address: IpAddr = address.parse().map_err(none)?;
    let network: IpNet = network.parse().map_err(|_| ExecutionError::function_error(WITHIN, "no network"))?;
    Ok(network.contains(&address))
}

/// A claim. Whole numbers are whole, whichever sign they have.
fn value(claim: &Json) -> Value {
    match claim {
        Json::Null => Value::Null,
        Json::Bool(claim) => Value::Bool(*claim),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Value::Int(whole),
            (None, Some(real)) => Value::Float(real),
            (None, None) => Value::Null,
        },
        Json::String(text) => text.as_str().into(),
        Json::Array(members) => members.iter().map(value).collect::<Vec<_>>().into(),
        Json::Object(members) => {
            members.iter().map(|(name, member)| (name.clone(), value(member))).collect::<HashMap<_, _>>().into()
        }
    }
}
