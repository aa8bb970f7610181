//! A directory of the tests' own: Debian's slapd, with TLS, password policies and `memberOf`, that ends with them.

use std::fmt::Write as _;
use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::roomkey::free_port;

pub const SUFFIX: &str = "dc=example,dc=com";
pub const SERVICE_PASSWORD: &str = "service-account-of-the-tests";
/// Of everybody but those that a test gives another.
pub const PASSWORD: &str = "Plain Türkis+& 7%";

/// A running server on a port for `ldap://` and one for `ldaps://`.
pub struct Slapd {
    folder: PathBuf,
    child: Option<Child>,
    pub port: u16,
    pub tls_port: u16,
}

/// What all servers of a test have in common: an authority, and certificates by it.
pub struct Authority {
    pub folder: tempfile::TempDir,
}

impl Authority {
    pub fn new() -> Self {
        let authority = Self { folder: tempfile::tempdir().unwrap() };
        let ca = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=An authority"];
        authority.openssl(&[&ca[..], &["-keyout", "ca.key", "-out", "ca.pem"]].concat());
        authority.issue("server", "subjectAltName=DNS:localhost,IP:127.0.0.1");
        authority.issue("client", "extendedKeyUsage=clientAuth");
        authority
    }

    fn issue(&self, name: &str, extension: &str) {
        let file = |kind: &str| format!("{name}.{kind}");
        fs::write(self.folder.path().join(file("ext")), extension).unwrap();
        let subject = format!("/CN={name}");
        let (key, csr, pem, ext) = (file("key"), file("csr"), file("pem"), file("ext"));
        self.openssl(&["req", "-newkey", "rsa:2048", "-nodes", "-subj", &subject, "-keyout", &key, "-out", &csr]);
        let by = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "30"];
        self.openssl(&[&["x509", "-req", "-in", &csr, "-out", &pem, "-extfile", &ext][..], &by].concat());
    }

    fn openssl(&self, arguments: &[&str]) {
        let mut openssl = Command::new("openssl");
        let done = openssl.current_dir(self.folder.path()).args(arguments).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    pub fn file(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }
}

/// How a server is set up unlike the others.
#[derive(Default)]
pub struct Manner {
    /// More lines for `slapd.conf`, before the database.
    pub global: &'static str,
    /// More entries, as LDIF.
    pub entries: String,
}

impl Slapd {
    pub fn start(authority: &Authority) -> Self {
        Self::start_in(authority, &Manner::default())
    }

    pub fn start_in(authority: &Authority, manner: &Manner) -> Self {
        let (port, tls_port) = (free_port(), free_port());
        let folder = authority.folder.path().join(format!("slapd-{port}"));
        fs::create_dir_all(folder.join("data")).unwrap();
        fs::write(folder.join("slapd.conf"), configuration(authority, &folder, manner.global)).unwrap();
        let mut slapd = Self { folder, child: None, port, tls_port };
        // Passwords that have expired can be written while the server is off alone.
        slapd.load(&format!("{}{}", people(), manner.entries));
        slapd.start_again();
        slapd
    }

    /// Adds entries while it runs, so that its overlays see them.
    pub fn add(&self, ldif: &str) {
        self.change("ldapadd", ldif);
    }

    /// Changes entries.
    pub fn modify(&self, ldif: &str) {
        self.change("ldapmodify", ldif);
    }

    fn change(&self, program: &str, ldif: &str) {
        let file = self.folder.join("change.ldif");
        fs::write(&file, ldif).unwrap();
        let mut change = Command::new(program);
        change.args(["-x", "-H", &format!("ldap://127.0.0.1:{}", self.port), "-D", &format!("cn=admin,{SUFFIX}")]);
        // What the server asks of others, it asks of its administrator.
        change.env("LDAPTLS_REQCERT", "never").args(["-w", "administrator", "-Z", "-f"]).arg(&file);
        let done = change.output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    fn load(&self, ldif: &str) {
        let file = self.folder.join("data.ldif");
        fs::write(&file, ldif).unwrap();
        let mut load = Command::new("slapadd");
        let done = load.arg("-q").arg("-f").arg(self.folder.join("slapd.conf")).arg("-l").arg(file).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    pub fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    pub fn start_again(&mut self) {
        let addresses = format!("ldap://127.0.0.1:{} ldaps://127.0.0.1:{}", self.port, self.tls_port);
        let mut slapd = Command::new("/usr/sbin/slapd");
        slapd.arg("-f").arg(self.folder.join("slapd.conf")).args(["-d", "0", "-h", &addresses]);
        self.child = Some(slapd.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
        let deadline = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(("127.0.0.1", self.tls_port)).is_err() {
            assert!(Instant::now() < deadline, "slapd does not start");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    pub fn url(&self) -> String {
        format!("ldap://localhost:{}", self.port)
    }

    pub fn tls_url(&self) -> String {
        format!("ldaps://localhost:{}", self.tls_port)
    }
}

impl Drop for Slapd {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            child.kill().ok();
            child.wait().ok();
        }
    }
}

/// Something between Roomkey and a server that lets each answer wait; gives its address.
pub async fn slow(server: SocketAddr, delay: Duration) -> SocketAddr {
    counted(server, delay).await.0
}

/// The same; gives, too, how many connections there have been.
pub async fn counted(server: SocketAddr, delay: Duration) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let connections = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&connections);
    tokio::spawn(async move {
        loop {
            let Ok((client, _)) = listener.accept().await else { return };
            counter.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(async move {
                let Ok(server) = tokio::net::TcpStream::connect(server).await else { return };
                let ((mut from_client, mut to_client), (mut from_server, mut to_server)) =
                    (client.into_split(), server.into_split());
                tokio::spawn(async move { tokio::io::copy(&mut from_client, &mut to_server).await.ok() });
                let mut buffer = vec![0; 64 * 1024];
                while let Ok(length @ 1..) = from_server.read(&mut buffer).await {
                    tokio::time::sleep(delay).await;
                    if to_client.write_all(&buffer[..length]).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    (address, connections)
}

fn configuration(authority: &Authority, folder: &Path, global: &str) -> String {
    let schemas: String =
        ["core", "cosine", "inetorgperson"].map(|name| format!("include /etc/ldap/schema/{name}.schema\n")).concat();
    format!(
        "{schemas}modulepath /usr/lib/ldap\nmoduleload back_mdb\nmoduleload memberof\nmoduleload ppolicy\n\
         pidfile {folder}/slapd.pid\n\
         TLSCACertificateFile {ca}\nTLSCertificateFile {cert}\nTLSCertificateKeyFile {key}\n{global}\n\
         database mdb\nsuffix {SUFFIX}\nrootdn cn=admin,{SUFFIX}\nrootpw administrator\ndirectory {folder}/data\n\
         maxsize 67108864\nindex objectClass,uid,entryUUID,member eq\n\
         access to attrs=userPassword by anonymous auth by * none\n\
         access to * by dn.exact=cn=roomkey,ou=services,{SUFFIX} read by anonymous auth by users read by * none\n\
         overlay memberof\noverlay ppolicy\nppolicy_use_lockout\n",
        folder = folder.display(),
        ca = authority.file("ca.pem"),
        cert = authority.file("server.pem"),
        key = authority.file("server.key"),
    )
}

/// One person.
pub fn person(uid: &str, more: &str) -> String {
    let password = if more.contains("userPassword") { String::new() } else { format!("userPassword: {PASSWORD}\n") };
    format!(
        "dn: uid={uid},ou=people,{SUFFIX}\nobjectClass: inetOrgPerson\nuid: {uid}\ncn: {uid} the First\nsn: First\n\
         mail: {uid}@example.com\n{password}{more}\n"
    )
}

/// A group of these members, by their DNs without the suffix.
pub fn group(name: &str, members: &[&str]) -> String {
    let mut ldif = format!("dn: cn={name},{SUFFIX}\nobjectClass: groupOfNames\n");
    for member in members {
        writeln!(ldif, "member: {member},{SUFFIX}").unwrap();
    }
    ldif + "\n"
}

fn people() -> String {
    let mut ldif =
        format!("dn: {SUFFIX}\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: Example\n\n");
    for unit in ["people", "services", "groups", "elsewhere", "policies"] {
        write!(ldif, "dn: ou={unit},{SUFFIX}\nobjectClass: organizationalUnit\nou: {unit}\n\n").unwrap();
    }
    write!(
        ldif,
        "dn: cn=roomkey,ou=services,{SUFFIX}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\n\
         cn: roomkey\nuserPassword: {SERVICE_PASSWORD}\n\n\
         dn: cn=strict,ou=policies,{SUFFIX}\nobjectClass: organizationalRole\nobjectClass: pwdPolicy\ncn: strict\n\
         pwdAttribute: userPassword\npwdMaxAge: 86400\npwdGraceAuthNLimit: 0\npwdMustChange: TRUE\npwdLockout: TRUE\n\
         pwdMaxFailure: 100\n\n"
    )
    .unwrap();
    let strict = format!("pwdPolicySubentry: cn=strict,ou=policies,{SUFFIX}\n");
    let expired = format!("{strict}pwdChangedTime: 20200101000000Z\n");
    let fresh = format!("{strict}pwdChangedTime: 20991231000000Z\n");
    ldif.push_str(&person("ada", "displayName: Ada Lovelace\ndepartmentNumber: 7\n"));
    ldif.push_str(&person("grace", "displayName: Grace Hopper\n"));
    ldif.push_str(&person("olga", &expired));
    ldif.push_str(&person("rosa", &format!("{fresh}pwdReset: TRUE\n")));
    ldif.push_str(&person("lena", &format!("{fresh}pwdAccountLockedTime: 000001010000Z\n")));
    ldif
}
