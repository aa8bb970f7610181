//! What may stand in an expression, and how much of it.

use cel::Program;
use cel::common::ast::{ComprehensionExpr, EntryExpr, Expr, IdedExpr, LiteralValue, SourceInfo, operators};
use ipnet::IpNet;

use super::scene::{TIMES, VARIABLES, WITHIN};
use super::{When, WhenError};

/// Functions besides the operators.
const FUNCTIONS: [&str; 9] = ["size", "contains", "startsWith", "endsWith", "int", "double", "string", "bool", WITHIN];

/// Most signs that stand for operators, selections and choices: an upper bound of how deep the expression is nested.
const MAX_SIGNS: usize = 250;

/// Deepest brackets: reading them takes more of the stack than any sign.
const MAX_BRACKETS: usize = 16;

/// Deepest expression, once it is read: judging it takes up to 40 KB of a worker's 2 MiB for each step.
const MAX_DEPTH: usize = 20;

/// Most repetitions (`exists`, `all`, `exists_one`).
const MAX_REPETITIONS: usize = 4;

/// Refuses what would take too much of the stack to read.
pub(super) fn size(text: &str) -> Result<(), Vec<WhenError>> {
    let refuse = |what: String| Err(vec![WhenError { line: 1, column: 1, what }]);
    if text.len() > When::MAX_BYTES {
        return refuse(format!("is {} bytes long, {} is the most", text.len(), When::MAX_BYTES));
    }
    // Signs within texts count too; who needs so many of them has a list of members to write.
    let signs = text.matches(|c| "+-*/%<>=!&|.?:".contains(c)).count();
    let (mut depth, mut deepest) = (0_usize, 0);
    for c in text.chars() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    if signs > MAX_SIGNS || deepest > MAX_BRACKETS {
        return refuse("is too complicated; write several rules, or a list of members".to_owned());
    }
    Ok(())
}

/// Refuses unknown names, and whatever could cost more than its size.
pub(super) fn meaning(program: &Program, text: &str) -> Result<(), Vec<WhenError>> {
    let mut check = Check { source: program.source_info(), text, bound: Vec::new(), repetitions: 0, wrong: Vec::new() };
    check.look_at(program.expression(), 0);
    if check.wrong.is_empty() { Ok(()) } else { Err(check.wrong) }
}

struct Check<'p> {
    source: &'p SourceInfo,
    text: &'p str,
    /// Variables of the repetitions around.
    bound: Vec<&'p str>,
    repetitions: usize,
    wrong: Vec<WhenError>,
}

impl<'p> Check<'p> {
    fn tell(&mut self, at: &IdedExpr, what: impl Into<String>) {
        let start = self.source.offset_for(at.id).map_or(0, |(start, _)| start as usize);
        let before = self.text.get(..start.min(self.text.len())).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        self.wrong.push(WhenError { line, column, what: what.into() });
    }

    fn look_at(&mut self, at: &'p IdedExpr, depth: usize) {
        if depth > MAX_DEPTH {
            if self.wrong.is_empty() {
                self.tell(at, "is too complicated from here on; write several rules");
            }
            return;
        }
        let mut parts: Vec<&'p IdedExpr> = Vec::new();
        match &at.expr {
            Expr::Ident(name) => self.name(at, name),
            Expr::Call(call) => {
                self.call(at, &call.func_name, call.target.is_some(), &call.args);
                parts.extend(call.target.as_deref());
                parts.extend(&call.args);
            }
            Expr::Select(select) => {
                if matches!(&select.operand.expr, Expr::Ident(name) if name == "time")
                    && !TIMES.contains(&select.field.as_str())
                {
                    self.tell(at, format!("`time` has {}, and no `{}`", list(&TIMES), select.field));
                }
                parts.push(&select.operand);
            }
            Expr::List(list) => parts.extend(&list.elements),
            Expr::Map(map) => {
                for entry in &map.entries {
                    if let EntryExpr::MapEntry(entry) = &entry.expr {
                        parts.extend([&entry.key, &entry.value]);
                    }
                }
            }
            Expr::Comprehension(repetition) => return self.repetition(at, repetition, depth),
            Expr::Struct(_) => self.tell(at, "there are no types to build values of"),
            Expr::Literal(_) | Expr::Unspecified => {}
        }
        parts.into_iter().for_each(|part| self.look_at(part, depth + 1));
    }

    fn name(&mut self, at: &IdedExpr, name: &str) {
        if !VARIABLES.contains(&name) && !self.bound.contains(&name) {
            let near = VARIABLES.iter().find(|known| strsim::normalized_damerau_levenshtein(name, known) > 0.7);
            self.tell(
                at,
                match near {
                    Some(near) => format!("there is no `{name}`; did you mean `{near}`?"),
                    None => format!("there is no `{name}`; known are {}", list(&VARIABLES)),
                },
            );
        }
    }

    fn call(&mut self, at: &IdedExpr, function: &str, has_target: bool, arguments: &[IdedExpr]) {
        let is_operator = !function.starts_with(|c: char| c.is_alphanumeric());
        if !is_operator && !FUNCTIONS.contains(&function) {
            self.tell(at, format!("there is no function `{function}`; known are {}", list(&FUNCTIONS)));
        }
        if is_operator && [operators::OPT_INDEX, operators::OPT_SELECT].contains(&function) {
            self.tell(at, "optional values are not known here; use `has(…)`");
        }
        if function == WITHIN {
            let network = match arguments {
                [IdedExpr { expr: Expr::Literal(LiteralValue::String(text)), .. }] if has_target => {
                    text.inner().parse::<IpNet>().ok()
                }
                _ => None,
            };
            if network.is_none() {
                self.tell(at, "write a network in quotes, as in `address.within(\"10.0.0.0/8\")`");
            }
        }
    }

    /// One that tells whether members fit. One that builds a list, or stands within another, could cost more than it is long.
    fn repetition(&mut self, at: &'p IdedExpr, repetition: &'p ComprehensionExpr, depth: usize) {
        self.repetitions += 1;
        if !matches!(repetition.accu_init.expr, Expr::Literal(_)) {
            return self.tell(at, "`map` and `filter` are not known here; use `exists`, `all` or `exists_one`");
        }
        if !self.bound.is_empty() || self.repetitions > MAX_REPETITIONS {
            let what =
                format!("repeats within a repetition, or more than {MAX_REPETITIONS} times; write several rules");
            return self.tell(at, what);
        }
        self.look_at(&repetition.iter_range, depth + 1);
        self.bound.extend([repetition.iter_var.as_str(), repetition.accu_var.as_str()]);
        for part in [&repetition.loop_cond, &repetition.loop_step, &repetition.result] {
            self.look_at(part, depth + 1);
        }
        self.bound.clear();
    }
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
