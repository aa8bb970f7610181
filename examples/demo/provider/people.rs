//! The three people who can log in.

/// Somebody with an account at the demonstration provider.
pub(crate) struct Person {
    /// What the page's button sends.
    pub(crate) id: &'static str,
    /// `sub`: says nothing about the person and never changes.
    pub(crate) subject: &'static str,
    /// `name`.
    pub(crate) name: &'static str,
    /// `email`, which this provider has verified.
    pub(crate) email: &'static str,
    /// `groups`.
    pub(crate) groups: &'static [&'static str],
}

/// Everybody, in the order of the page.
pub(crate) const PEOPLE: [Person; 3] = [
    Person {
        id: "ada",
        subject: "8f2c61d0",
        name: "Ada Okafor",
        email: "ada@example.org",
        groups: &["staff", "board"],
    },
    Person { id: "ben", subject: "3b97e4a5", name: "Ben Lindqvist", email: "ben@example.org", groups: &["students"] },
    Person { id: "cleo", subject: "c05d7f12", name: "Cleo Martin", email: "cleo@example.org", groups: &[] },
];

impl Person {
    /// Whoever has this `id`.
    pub(crate) fn by_id(id: &str) -> Option<&'static Self> {
        PEOPLE.iter().find(|person| person.id == id)
    }

    /// The first name.
    pub(crate) fn first_name(&self) -> &'static str {
        self.name.split(' ').next().unwrap_or(self.name)
    }

    /// What stands in the circle beside the name.
    pub(crate) fn initial(&self) -> String {
        self.name.chars().take(1).collect()
    }

    /// The groups as a page or a terminal shows them.
    pub(crate) fn groups_text(&self) -> String {
        if self.groups.is_empty() { "no group".to_owned() } else { self.groups.join(", ") }
    }
}
