//! Elements of an XML document, by their full names: a prefix says nothing, and neither does an attribute of another namespace.

use bergshamra::xml::uppsala::{Document, NodeId, Parser, XmlError};

/// Elements within one another, at most: metadata of real federations stay below 20.
const MAX_DEPTH: u32 = 64;

/// SAML 2.0 Metadata.
pub(super) const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
/// SAML 2.0 Assertions.
pub(super) const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
/// SAML Metadata Extension for Entity Attributes 1.0.
pub(super) const ENTITY_ATTRIBUTES: &str = "urn:oasis:names:tc:SAML:metadata:attribute";
/// SAML Metadata Extensions for Login and Discovery User Interface 1.0.
pub(super) const USER_INTERFACE: &str = "urn:oasis:names:tc:SAML:metadata:ui";
/// XML Signature.
pub(super) const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// Reads a document. One with a document type is refused: it could define entities.
pub(super) fn parse(text: &str) -> Result<Document<'_>, XmlError> {
    Parser::new().with_forbid_dtd(true).with_max_depth(MAX_DEPTH).parse(text)
}

/// One element of a document.
#[derive(Clone, Copy)]
pub(super) struct Element<'d> {
    document: &'d Document<'d>,
    id: NodeId,
}

impl<'d> Element<'d> {
    /// The outermost one.
    pub(super) fn root(document: &'d Document<'d>) -> Option<Self> {
        document.document_element().map(|id| Self { document, id })
    }

    pub(super) fn id(self) -> NodeId {
        self.id
    }

    pub(super) fn is(self, namespace: &str, name: &str) -> bool {
        self.document.element(self.id).is_some_and(|element| element.matches_name_ns(namespace, name))
    }

    /// An attribute without a namespace.
    pub(super) fn attribute(self, name: &str) -> Option<&'d str> {
        self.attribute_of(None, name)
    }

    /// `xml:lang`.
    pub(super) fn language(self) -> Option<&'d str> {
        self.attribute_of(Some(XML), "lang")
    }

    fn attribute_of(self, namespace: Option<&str>, name: &str) -> Option<&'d str> {
        let attributes = &self.document.element(self.id)?.attributes;
        attributes.iter().find(|attribute| attribute.name.matches(namespace, name)).map(|attribute| &*attribute.value)
    }

    /// The elements right below it.
    pub(super) fn elements(self) -> impl Iterator<Item = Self> {
        let document = self.document;
        document
            .children_iter(self.id)
            .filter(|&id| document.element(id).is_some())
            .map(move |id| Self { document, id })
    }

    /// Those of this name.
    pub(super) fn children(self, namespace: &'static str, name: &'static str) -> impl Iterator<Item = Self> {
        self.elements().filter(move |element| element.is(namespace, name))
    }

    /// The first of this name.
    pub(super) fn child(self, namespace: &'static str, name: &'static str) -> Option<Self> {
        self.children(namespace, name).next()
    }

    /// The only one of this name.
    pub(super) fn only_child(self, namespace: &'static str, name: &'static str) -> Option<Self> {
        let mut children = self.children(namespace, name);
        children.next().filter(|_| children.next().is_none())
    }

    /// The text right below it as a signature covers it: without comments, which do not part it, and without space around it.
    pub(super) fn text(self) -> String {
        let text: String =
            self.document.children_iter(self.id).filter_map(|id| self.document.text_content(id)).collect();
        text.trim().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_count_with_their_namespaces() {
        let document = parse(r#"<a xmlns="urn:a" xmlns:b="urn:b" b:id="b" id="a"><b:x/><x>1</x></a>"#).unwrap();
        let root = Element::root(&document).unwrap();

        assert!(root.is("urn:a", "a") && !root.is("urn:b", "a"));
        assert_eq!(root.attribute("id"), Some("a"));
        assert_eq!(root.child("urn:a", "x").unwrap().text(), "1");
        assert_eq!(root.only_child("urn:b", "x").unwrap().text(), "");
    }

    #[test]
    fn a_comment_does_not_cut_a_text() {
        let document = parse("<a> ad<!-- x -->mi<![CDATA[n]]> </a>").unwrap();

        assert_eq!(Element::root(&document).unwrap().text(), "admin");
    }

    #[test]
    fn a_document_type_and_depth_are_refused() {
        let deep = format!("{}{}", "<a>".repeat(100), "</a>".repeat(100));

        assert!(parse("<!DOCTYPE a><a/>").is_err());
        assert!(parse(r#"<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>"#).is_err());
        assert!(parse(&deep).is_err());
    }
}
