//! XML documents from outside, parsed once, within bounds.
//!
//! What a signature covers and what is read afterwards are elements of the same tree, compared by their place in it and never by
//! name: nothing is parsed, copied or looked up a second time, which is what signature wrapping lives on.

use std::collections::HashSet;

use bergshamra::xml::uppsala::{self, NodeId, NodeKind, Parser};

/// How much of a document is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Longest document, in bytes.
    pub(super) bytes: usize,
    /// Deepest element; the root is at depth 1.
    pub(super) depth: u32,
}

/// Why a document is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// Longer than [`Limits::bytes`].
    #[error("it is longer than {0} bytes")]
    TooLong(usize),
    /// Not in UTF-8, which every identity provider sends.
    #[error("it is not UTF-8")]
    NotUtf8,
    /// A document type could define entities, or have files and addresses read.
    #[error("it has a document type")]
    Doctype,
    /// Not well-formed, or deeper than [`Limits::depth`].
    #[error("it is not well-formed, or deeper than {0} elements")]
    Malformed(u32),
    /// Two elements have the same `ID`, so that a reference could mean either.
    #[error("two elements have the same `ID`")]
    DuplicateId,
}

/// A parsed document.
pub(super) struct Document<'x> {
    tree: uppsala::Document<'x>,
    root: NodeId,
}

/// An element of a [`Document`].
#[derive(Clone, Copy)]
pub(super) struct Element<'d> {
    tree: &'d uppsala::Document<'d>,
    node: NodeId,
}

/// What an element holds besides text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotPlainText;

impl<'x> Document<'x> {
    /// Parses a document.
    ///
    /// # Errors
    /// [`DocumentError`] for whatever is longer, deeper or of another form than an identity provider's messages.
    pub(super) fn parse(bytes: &'x [u8], limits: Limits) -> Result<Self, DocumentError> {
        if bytes.len() > limits.bytes {
            return Err(DocumentError::TooLong(limits.bytes));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| DocumentError::NotUtf8)?;
        // Before the parser sees it, and wherever it stands: no message needs these letters.
        if text.contains("<!DOCTYPE") || text.contains("<!ENTITY") {
            return Err(DocumentError::Doctype);
        }
        let parser = Parser::new().with_forbid_dtd(true).with_forbid_entities(true).with_max_depth(limits.depth);
        let malformed = DocumentError::Malformed(limits.depth);
        let tree = parser.parse(text.trim_start_matches('\u{feff}')).map_err(|_| malformed)?;
        let root = tree.document_element().ok_or(malformed)?;
        let document = Self { tree, root };
        document.check_ids()?;
        Ok(document)
    }

    /// Its outermost element.
    pub(super) fn root(&self) -> Element<'_> {
        Element { tree: &self.tree, node: self.root }
    }

    /// How many elements there are of one of these names, wherever they stand.
    pub(super) fn count(&self, namespace: &str, names: &[&str]) -> usize {
        let elements = self.tree.descendants(self.root).into_iter().filter_map(|node| self.tree.element(node));
        elements.filter(|element| names.iter().any(|name| element.matches_name_ns(namespace, name))).count()
    }

    /// Whatever attribute might name an element for a signature counts, whether SAML would read it or not.
    fn check_ids(&self) -> Result<(), DocumentError> {
        let mut seen = HashSet::new();
        let elements = self.tree.descendants(self.root).into_iter().chain([self.root]);
        for element in elements.filter_map(|node| self.tree.element(node)) {
            let is_id = |name: &str| name.eq_ignore_ascii_case("id") || name == "AssertionID";
            let ids = element.attributes.iter().filter(|attribute| is_id(&attribute.name.local_name));
            let mut own = HashSet::new();
            for id in ids {
                if own.insert(id.value.as_ref()) && !seen.insert(id.value.as_ref()) {
                    return Err(DocumentError::DuplicateId);
                }
            }
        }
        Ok(())
    }
}

impl<'d> Element<'d> {
    /// Whether it has this name in this namespace.
    pub(super) fn is(self, namespace: &str, name: &str) -> bool {
        self.tree.element(self.node).is_some_and(|element| element.matches_name_ns(namespace, name))
    }

    /// Its attribute of this name and no namespace.
    pub(super) fn attribute(self, name: &str) -> Option<&'d str> {
        let attributes = &self.tree.element(self.node)?.attributes;
        let named = |attribute: &&uppsala::Attribute<'_>| {
            attribute.name.namespace_uri.is_none() && attribute.name.local_name == name
        };
        attributes.iter().find(named).map(|attribute| attribute.value.as_ref())
    }

    /// `xml:lang`.
    pub(super) fn language(self) -> Option<&'d str> {
        const XML: &str = "http://www.w3.org/XML/1998/namespace";
        let attributes = &self.tree.element(self.node)?.attributes;
        let lang = attributes.iter().find(|attribute| attribute.name.matches(Some(XML), "lang"))?;
        Some(lang.value.as_ref())
    }

    /// The elements directly in it.
    pub(super) fn elements(self) -> impl Iterator<Item = Self> {
        let children = self.tree.children_iter(self.node);
        children.filter(|&node| self.tree.element(node).is_some()).map(move |node| Self { node, ..self })
    }

    /// Those of this name.
    pub(super) fn children(self, namespace: &'static str, name: &'static str) -> impl Iterator<Item = Self> {
        self.elements().filter(move |element| element.is(namespace, name))
    }

    /// The first of this name.
    pub(super) fn child(self, namespace: &'static str, name: &'static str) -> Option<Self> {
        self.children(namespace, name).next()
    }

    /// The only one of this name; `None` if there are several.
    pub(super) fn only_child(self, namespace: &'static str, name: &'static str) -> Option<Self> {
        let mut children = self.children(namespace, name);
        children.next().filter(|_| children.next().is_none())
    }

    /// Its text, without the blanks around it.
    ///
    /// # Errors
    /// [`NotPlainText`] if there is a comment, a processing instruction or an element in it: signatures do not cover comments, and a
    /// reader that stops at one reads another text than was signed.
    pub(super) fn text(self) -> Result<String, NotPlainText> {
        let mut text = String::new();
        for child in self.tree.children_iter(self.node) {
            match self.tree.node_kind(child) {
                Some(NodeKind::Text(part) | NodeKind::CData(part)) => text.push_str(part),
                _ => return Err(NotPlainText),
            }
        }
        Ok(text.trim().to_owned())
    }

    /// The namespaces that are in force in it, by prefix; the innermost declaration of each prefix counts.
    pub(super) fn namespaces(self) -> Vec<(&'d str, &'d str)> {
        let mut found: Vec<(&str, &str)> = Vec::new();
        let chain = std::iter::successors(Some(self.node), |&node| self.tree.parent(node));
        for element in chain.filter_map(|node| self.tree.element(node)) {
            for (prefix, uri) in &element.namespace_declarations {
                if !found.iter().any(|(known, _)| known == prefix) {
                    found.push((prefix, uri));
                }
            }
        }
        found
    }

    /// The tree it is in and its place there, for the signature over it.
    pub(super) fn place(self) -> (&'d uppsala::Document<'d>, NodeId) {
        (self.tree, self.node)
    }
}

impl std::fmt::Debug for Document<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Document([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIMITS: Limits = Limits { bytes: 1024, depth: 8 };

    fn refused(xml: &str) -> DocumentError {
        Document::parse(xml.as_bytes(), LIMITS).unwrap_err()
    }

    #[test]
    fn an_element_is_found_by_namespace_and_name() {
        let document = Document::parse(br#"<a xmlns="urn:a" xmlns:b="urn:b"><b:c x="1" b:x="2">t</b:c></a>"#, LIMITS);

        let document = document.unwrap();
        let c = document.root().only_child("urn:b", "c").unwrap();
        assert!(document.root().is("urn:a", "a") && !document.root().is("urn:b", "a"));
        assert_eq!((c.attribute("x"), c.text().unwrap().as_str()), (Some("1"), "t"));
        assert!(document.root().child("urn:a", "c").is_none());
        assert_eq!(c.namespaces(), [("", "urn:a"), ("b", "urn:b")]);
    }

    #[test]
    fn a_document_type_is_refused_wherever_it_stands() {
        let bomb = r#"<!DOCTYPE a [<!ENTITY x "yyyyyyyy">]><a>&x;</a>"#;

        assert_eq!(refused(bomb), DocumentError::Doctype);
        assert_eq!(
            refused("<?xml version='1.0'?> <!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"),
            DocumentError::Doctype
        );
        assert_eq!(refused("<!doctype a><a/>"), DocumentError::Malformed(8));
        assert_eq!(refused("<a>&x;</a>"), DocumentError::Malformed(8));
    }

    #[test]
    fn size_depth_and_encoding_are_bounded() {
        let deep = format!("{}{}", "<a>".repeat(9), "</a>".repeat(9));
        let fits = format!("{}{}", "<a>".repeat(8), "</a>".repeat(8));

        assert!(Document::parse(fits.as_bytes(), LIMITS).is_ok());
        assert_eq!(refused(&deep), DocumentError::Malformed(8));
        assert_eq!(refused(&format!("<a>{}</a>", "x".repeat(1024))), DocumentError::TooLong(1024));
        assert_eq!(Document::parse(b"<a>\xff</a>", LIMITS).unwrap_err(), DocumentError::NotUtf8);
    }

    #[test]
    fn an_id_that_stands_twice_is_refused_whatever_it_is_called() {
        for second in ["ID", "Id", "id", "xml:id", "AssertionID", "n:ID"] {
            let xml = format!(r#"<a xmlns:n="urn:n" ID="x"><b {second}="x"/></a>"#);

            assert_eq!(refused(&xml), DocumentError::DuplicateId, "{second}");
        }
    }

    #[test]
    fn a_text_with_something_in_its_midst_is_not_read() {
        for inner in ["ada<!---->.evil", "ada<?x?>", "ada<b/>", "<!--x-->ada"] {
            let xml = format!("<a>{inner}</a>");
            let document = Document::parse(xml.as_bytes(), LIMITS).unwrap();

            assert_eq!(document.root().text(), Err(NotPlainText), "{inner}");
        }
        let document = Document::parse(b"<a> ada<![CDATA[&]]>&amp; </a>", LIMITS).unwrap();
        assert_eq!(document.root().text().unwrap(), "ada&&");
    }

    proptest! {
        #[test]
        fn arbitrary_text_does_not_panic(text in "[<>/a&;! =\"'?\\-\\[\\]x:\u{e9}]{0,60}") {
            let _ = Document::parse(text.as_bytes(), LIMITS);
        }
    }
}
