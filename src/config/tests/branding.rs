//! `[branding]`: what it takes, and how its mistakes are told.

use std::fs;

use super::{LEAST, Loaded, Report, check_beside};

struct Folder(tempfile::TempDir);

impl Folder {
    fn with(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("texts")).unwrap();
        for (name, content) in files {
            fs::write(folder.path().join(name), content).unwrap();
        }
        Self(folder)
    }

    fn check(&self, branding: &str) -> Result<Loaded, Report> {
        check_beside(&self.0.path().join("roomkey.toml"), &format!("{LEAST}\n[branding]\n{branding}"), &[])
    }

    /// What is wrong, line by line, without the folder's name.
    fn wrong(&self, branding: &str) -> String {
        let report = self.check(branding).map(|_| ()).unwrap_err();
        report.to_string().replace(self.0.path().to_str().unwrap(), "FOLDER")
    }
}

#[test]
fn everything_can_be_given() {
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
    let folder = Folder::with(&[("logo.svg", svg), ("texts/de.ftl", "down = Weg\n"), ("texts/README", "")]);

    let Loaded { config, warnings } = folder
        .check(
            "product_name = \"Acme\"\nlogo = \"logo.svg\"\ncolor = \"#C8102E\"\nsupport_text = \"Help desk\"\n\
             support_url = \"mailto:help@example.com\"\ntexts_folder = \"texts\"",
        )
        .unwrap();

    let branding = config.branding;
    assert_eq!(warnings.to_string(), "");
    assert_eq!(branding.product_name, "Acme");
    assert_eq!(branding.logo.unwrap().bytes(), svg.as_bytes());
    assert_eq!(branding.colour.unwrap().to_string(), "#c8102e");
    assert_eq!(branding.support.unwrap().link.unwrap().as_str(), "mailto:help@example.com");
    assert_eq!(branding.texts.languages().collect::<Vec<_>>(), ["de"]);
}

#[test]
fn every_mistake_is_told_by_its_key() {
    let folder = Folder::with(&[("logo.svg", "<html>"), ("texts/de.ftl", "chose = A\n"), ("texts/xx.ftl", "")]);

    let wrong = folder.wrong(
        "product_name = \" \"\nlogo = \"logo.svg\"\ncolor = \"red\"\nsupport_url = \"javascript:alert(1)\"\n\
         texts_folder = \"texts\"",
    );

    for expected in [
        "branding.product_name",
        "FOLDER/logo.svg is no logo: it is no SVG, PNG or WebP",
        "`red` is no colour",
        "`javascript:alert(1)` is no address that leads to help",
        "FOLDER/texts/de.ftl: no page has a text `chose`",
        "FOLDER/texts/xx.ftl: there are no pages in `xx`",
    ] {
        assert!(wrong.contains(expected), "no `{expected}` in:\n{wrong}");
    }
}

#[test]
fn a_file_that_is_not_there_is_told() {
    let folder = Folder::with(&[]);

    let wrong =
        folder.wrong("logo = \"none.png\"\ntexts_folder = \"none\"\nsupport_url = \"https://help.example.com\"");

    assert!(wrong.contains("cannot read FOLDER/none.png"), "{wrong}");
    assert!(wrong.contains("cannot read FOLDER/none "), "{wrong}");
    assert!(wrong.contains("add `support_text"), "{wrong}");
}
