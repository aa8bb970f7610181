//! Families of metrics, and how they are written.

use std::fmt;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, prometheus_text, text};
use prometheus_client::metrics::MetricType;
use prometheus_client::registry::{Registry, Unit};

use crate::measure::{BOUNDS_MICROSECONDS, Spread};

/// The labels of one series. Their number is that of the configuration's providers, rules and the like.
pub(super) type Labels = Vec<(&'static str, String)>;

/// No further facts are told with a value.
type NoExemplar = [(&'static str, &'static str); 0];

/// How an exposition is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// OpenMetrics 1.0.
    OpenMetrics,
    /// The text format of Prometheus, version 0.0.4.
    Prometheus,
}

/// All metrics as they stood at one moment.
#[derive(Debug)]
pub struct Exposition(Registry);

/// One metric with all its series. Its name is told with unit and suffix, as it is searched for.
#[derive(Debug)]
pub(super) struct Family {
    name: &'static str,
    help: &'static str,
    unit: Option<Unit>,
    series: Series,
}

#[derive(Debug)]
enum Series {
    Counts(Vec<(Labels, u64)>),
    Sums(Vec<(Labels, f64)>),
    Gauges(Vec<(Labels, f64)>),
    Histograms(Vec<(Labels, Spread)>),
    Info(Vec<Labels>),
}

/// One label.
pub(super) fn label(name: &'static str, value: impl ToString) -> (&'static str, String) {
    (name, value.to_string())
}

impl Form {
    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
            Self::Prometheus => "text/plain; version=0.0.4; charset=utf-8",
        }
    }
}

impl Exposition {
    pub(super) fn of(families: Vec<Family>) -> Self {
        let mut registry = Registry::default();
        for family in families {
            registry.register_collector(Box::new(family));
        }
        Self(registry)
    }

    /// Writes it.
    ///
    /// # Errors
    /// [`fmt::Error`] never: a `String` takes all.
    pub fn write(&self, form: Form) -> Result<String, fmt::Error> {
        let mut written = String::new();
        match form {
            Form::OpenMetrics => text::encode(&mut written, &self.0)?,
            Form::Prometheus => prometheus_text::encode(&mut written, &self.0)?,
        }
        Ok(written)
    }
}

impl Family {
    fn new(name: &'static str, help: &'static str, series: Series) -> Self {
        Self { name, help, unit: None, series }
    }

    /// `_total` is put behind its name.
    pub(super) fn counter(name: &'static str, help: &'static str, series: Vec<(Labels, u64)>) -> Self {
        Self::new(name, help, Series::Counts(series))
    }

    /// A counter of what comes in fractions; `_total` is put behind its name.
    pub(super) fn sum(name: &'static str, help: &'static str, series: Vec<(Labels, f64)>) -> Self {
        Self::new(name, help, Series::Sums(series))
    }

    pub(super) fn gauge(name: &'static str, help: &'static str, series: Vec<(Labels, f64)>) -> Self {
        Self::new(name, help, Series::Gauges(series))
    }

    /// `_seconds` is put behind its name.
    pub(super) fn histogram(name: &'static str, help: &'static str, series: Vec<(Labels, Spread)>) -> Self {
        Self::new(name, help, Series::Histograms(series)).in_unit(Unit::Seconds)
    }

    /// `_info` is put behind its name.
    pub(super) fn info(name: &'static str, help: &'static str) -> Self {
        Self::new(name, help, Series::Info(Vec::new()))
    }

    /// The unit is put behind the name.
    pub(super) fn in_unit(self, unit: Unit) -> Self {
        Self { unit: Some(unit), ..self }
    }

    /// The same with what an info says.
    pub(super) fn with(mut self, labels: Labels) -> Self {
        if let Series::Info(all) = &mut self.series {
            all.push(labels);
        }
        self
    }

    fn kind(&self) -> MetricType {
        match self.series {
            Series::Counts(_) | Series::Sums(_) => MetricType::Counter,
            Series::Gauges(_) => MetricType::Gauge,
            Series::Histograms(_) => MetricType::Histogram,
            Series::Info(_) => MetricType::Info,
        }
    }
}

impl Collector for Family {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut metric = encoder.encode_descriptor(self.name, self.help, self.unit.as_ref(), self.kind())?;
        match &self.series {
            Series::Counts(all) => all.iter().try_for_each(|(labels, value)| {
                metric.encode_family(labels)?.encode_counter::<NoExemplar, _, f64>(value, None)
            }),
            Series::Sums(all) => all.iter().try_for_each(|(labels, value)| {
                metric.encode_family(labels)?.encode_counter::<NoExemplar, _, f64>(value, None)
            }),
            Series::Gauges(all) => {
                all.iter().try_for_each(|(labels, value)| metric.encode_family(labels)?.encode_gauge(value))
            }
            Series::Histograms(all) => all.iter().try_for_each(|(labels, spread)| {
                let (sum, count) = (spread.sum.as_secs_f64(), spread.count());
                metric.encode_family(labels)?.encode_histogram::<NoExemplar>(sum, count, &buckets(spread), None)
            }),
            Series::Info(all) => all.iter().try_for_each(|labels| metric.encode_info(labels)),
        }
    }
}

fn buckets(spread: &Spread) -> Vec<(f64, u64)> {
    #[allow(clippy::cast_precision_loss, reason = "no bound has more digits than a float")]
    let bounds = BOUNDS_MICROSECONDS.iter().map(|&micros| micros as f64 / 1e6);
    bounds.chain([f64::INFINITY]).zip(spread.buckets).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::measure::Histogram;

    fn written(form: Form) -> String {
        let histogram = Histogram::default();
        for micros in [50, 1_500] {
            histogram.add(Duration::from_micros(micros));
        }
        Exposition::of(vec![
            Family::info("a_build", "What it is.").with(vec![label("version", "1")]),
            Family::counter("a_logins", "Logins.", vec![(vec![label("rule", "say \"no\"\n")], 2)]),
            Family::gauge("a_level", "Level.", vec![(Vec::new(), 0.5)]),
            Family::histogram("a_step", "A step.", vec![(vec![label("leg", "token")], histogram.read())]),
        ])
        .write(form)
        .unwrap()
    }

    #[test]
    fn openmetrics_is_written_with_units_and_an_end() {
        let text = written(Form::OpenMetrics);

        assert!(text.contains("# TYPE a_build info\na_build_info{version=\"1\"} 1\n"), "{text}");
        assert!(text.contains("# TYPE a_logins counter\na_logins_total{rule=\"say \\\"no\\\"\\n\"} 2\n"), "{text}");
        assert!(text.contains("# TYPE a_level gauge\na_level 0.5\n"), "{text}");
        assert!(text.contains("# UNIT a_step_seconds seconds\n"), "{text}");
        assert!(text.contains("a_step_seconds_bucket{le=\"0.0001\",leg=\"token\"} 1\n"), "{text}");
        assert!(text.contains("a_step_seconds_bucket{le=\"0.0025\",leg=\"token\"} 2\n"), "{text}");
        assert!(text.contains("a_step_seconds_bucket{le=\"+Inf\",leg=\"token\"} 2\n"), "{text}");
        assert!(text.contains("a_step_seconds_sum{leg=\"token\"} 0.00155\n"), "{text}");
        assert!(text.ends_with("# EOF\n"), "{text}");
    }

    #[test]
    fn prometheus_has_neither_units_nor_an_end_and_names_counters_whole() {
        let text = written(Form::Prometheus);

        assert!(text.contains("# TYPE a_logins_total counter\na_logins_total{"), "{text}");
        assert!(!text.contains("# UNIT") && !text.contains("# EOF"), "{text}");
    }
}
