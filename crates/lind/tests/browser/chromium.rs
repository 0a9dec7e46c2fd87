//! A headless Chromium, by its own command line.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long a page may take. A busy machine is slow; a page that never ends must not hold the tests.
const LONGEST: Duration = Duration::from_secs(120);

pub(crate) struct Chromium {
    program: PathBuf,
}

/// Said where nobody catches it: who reads the tests' results must know what was not tested.
pub(crate) fn say_absent() {
    let text = b"chromium is absent: browser tests were not run\n";
    let _ = std::io::stderr().write_all(text);
}

impl Chromium {
    /// The browser of this machine: the one that `LIND_CHROMIUM` names, or the first on the path.
    pub(crate) fn find() -> Option<Self> {
        if let Some(program) = std::env::var_os("LIND_CHROMIUM") {
            let program = PathBuf::from(program);
            assert!(
                program.is_file(),
                "LIND_CHROMIUM names {}",
                program.display()
            );
            return Some(Self { program });
        }
        let path = std::env::var_os("PATH")?;
        let names = ["chromium", "chromium-browser", "google-chrome"];
        std::env::split_paths(&path)
            .flat_map(|folder| names.map(|name| folder.join(name)))
            .find(|program| program.is_file())
            .map(|program| Self { program })
    }

    /// The document as it is after its scripts have run.
    pub(crate) fn dom(&self, address: &str) -> String {
        let output = self.run(&["--dump-dom", "--virtual-time-budget=30000", address]);
        String::from_utf8(output).unwrap()
    }

    /// The document on paper.
    pub(crate) fn pdf(&self, address: &str) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("page.pdf");
        let to = format!("--print-to-pdf={}", file.display());
        self.run(&[&to, "--no-pdf-header-footer", address]);
        fs::read(file).unwrap()
    }

    /// Runs with a profile of its own, and with nothing to reach but this machine.
    fn run(&self, arguments: &[&str]) -> Vec<u8> {
        let profile = tempfile::tempdir().unwrap();
        let mut child = Command::new(&self.program)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                "--window-size=1400,1000",
            ])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut stdout = child.stdout.take().unwrap();
        let reader = thread::spawn(move || {
            let mut bytes = Vec::new();
            let _ = stdout.read_to_end(&mut bytes);
            bytes
        });
        let begin = Instant::now();
        loop {
            if let Some(status) = child.try_wait().unwrap() {
                assert!(status.success(), "chromium ended with {status}");
                break;
            }
            if begin.elapsed() > LONGEST {
                let _ = child.kill();
                panic!("chromium did not end: {arguments:?}");
            }
            thread::sleep(Duration::from_millis(20));
        }
        reader.join().unwrap()
    }
}
