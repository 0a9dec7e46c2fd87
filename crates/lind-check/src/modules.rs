//! Loading: the root file and, through `use`, every module that it needs.

use std::collections::BTreeMap;

use lind_diagnostics::{Diagnostic, FileId, Files, Sink, closest};
use lind_syntax::tree::{Head, Item, Name, Tree};

use crate::excerpts::{Needed, Standard};
use crate::library::{STANDARD_MODULES, module_declaring};
use crate::rules;

/// Where modules that are not in the standard library come from.
pub trait Loader {
    /// The text of a module, and the name of its file for messages.
    ///
    /// `module` is the dotted path of the `use`; `from` is the file that contains it.
    ///
    /// # Errors
    /// A sentence that says why there is none.
    fn load(&mut self, module: &str, from: &str) -> Result<(String, String), String>;
}

/// No modules but the standard library.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoModules;

impl Loader for NoModules {
    fn load(&mut self, _module: &str, _from: &str) -> Result<(String, String), String> {
        Err("only modules of the standard library can be used here".to_owned())
    }
}

/// One loaded file.
pub(crate) struct Module {
    pub(crate) file: FileId,
    pub(crate) tree: Tree,
    /// For each `use` of the file, in its order: the module it leads to.
    pub(crate) uses: Vec<Option<usize>>,
    /// The dotted path under which it was loaded; none for the root.
    pub(crate) path: Option<String>,
}

impl Module {
    /// Whether it comes with Lind.
    pub(crate) fn is_standard(&self) -> bool {
        self.path
            .as_ref()
            .is_some_and(|path| path.starts_with("std."))
    }
}

/// Parses the root and everything it uses. The root is the first module. Of the standard library only what is
/// needed is parsed.
pub(crate) fn load(
    files: &mut Files,
    root: FileId,
    loader: &mut dyn Loader,
    sink: &mut Sink,
) -> Vec<Module> {
    let mut modules = vec![parse(files, root, None, sink)];
    let mut needed = Needed::default();
    let mut next = 0;
    while let Some(module) = modules.get(next) {
        next += 1;
        if module.is_standard() {
            continue;
        }
        let from = files.name(module.file).to_owned();
        let wanted: Vec<(Name, Vec<String>)> = module.tree.items.iter().filter_map(used).collect();
        let mut uses = Vec::with_capacity(wanted.len());
        for (name, taken) in wanted {
            if let Some(standard) = Standard::of(&name.text) {
                needed.take(standard, &taken);
                uses.push(Some(place_of_standard(files, &mut modules, standard)));
                continue;
            }
            if let Some(known) = modules
                .iter()
                .position(|module| module.path.as_deref() == Some(name.text.as_str()))
            {
                uses.push(Some(known));
                continue;
            }
            let loaded = if name.text.starts_with("std.") {
                Err("the standard library has no such module".to_owned())
            } else {
                loader.load(&name.text, &from)
            };
            match loaded {
                Ok((file_name, text)) => {
                    let file = files.add(file_name, text);
                    modules.push(parse(files, file, Some(name.text), sink));
                    uses.push(Some(modules.len() - 1));
                }
                Err(why) => {
                    sink.push(no_module(&name, &taken, why));
                    uses.push(None);
                }
            }
        }
        if let Some(module) = modules.get_mut(next - 1) {
            module.uses = uses;
        }
    }
    for standard in needed.close() {
        let place = place_of_standard(files, &mut modules, standard);
        let Some(module) = modules.get_mut(place) else {
            continue;
        };
        let parse = lind_syntax::parse(module.file, &needed.excerpt(standard));
        parse
            .diagnostics
            .into_iter()
            .for_each(|diagnostic| sink.push(diagnostic));
        module.tree = parse.tree;
    }
    standard_uses(&mut modules);
    modules
}

/// Where a module of the standard library stands among the modules; it is put there if it is new.
fn place_of_standard(files: &mut Files, modules: &mut Vec<Module>, standard: Standard) -> usize {
    let known = modules
        .iter()
        .position(|module| module.path.as_deref() == Some(standard.path()));
    known.unwrap_or_else(|| {
        let file = files.add(standard.file(), standard.text());
        let items = Vec::new();
        modules.push(Module {
            file,
            tree: Tree { file, items },
            uses: Vec::new(),
            path: Some(standard.path().to_owned()),
        });
        modules.len() - 1
    })
}

/// Where the `use` lines of the standard library lead.
fn standard_uses(modules: &mut [Module]) {
    let places: BTreeMap<String, usize> = modules
        .iter()
        .enumerate()
        .filter_map(|(place, module)| Some((module.path.clone()?, place)))
        .collect();
    for module in modules.iter_mut().filter(|module| module.is_standard()) {
        module.uses = module
            .tree
            .items
            .iter()
            .filter_map(used)
            .map(|(name, _)| places.get(&name.text).copied())
            .collect();
    }
}

/// A `use` line that leads nowhere.
fn no_module(name: &Name, taken: &[String], why: String) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        &rules::E0204_UNKNOWN_MODULE,
        name.span,
        format!("there is no module `{}`", name.text),
    )
    .label(why);
    // The names that are taken tell more than the spelling of the module.
    let mut declaring = taken.iter().map(|name| module_declaring(name));
    let meant = declaring
        .next()
        .flatten()
        .filter(|first| declaring.all(|other| other == Some(*first)))
        .or_else(|| {
            closest(
                &name.text,
                STANDARD_MODULES.iter().map(|(path, _, _)| *path),
            )
        });
    match meant {
        Some(near) => diagnostic.suggest(format!("use `{near}`"), name.span, near),
        None => diagnostic,
    }
}

fn parse(files: &Files, file: FileId, path: Option<String>, sink: &mut Sink) -> Module {
    let parse = lind_syntax::parse(file, files.text(file));
    parse
        .diagnostics
        .into_iter()
        .for_each(|diagnostic| sink.push(diagnostic));
    Module {
        file,
        tree: parse.tree,
        uses: Vec::new(),
        path,
    }
}

/// The module that an item uses, and the names that it takes from there.
fn used(item: &Item) -> Option<(Name, Vec<String>)> {
    match item {
        Item::Use(used) => Some((
            used.module.clone(),
            used.names.iter().map(|name| name.text.clone()).collect(),
        )),
        _ => None,
    }
}

/// The head of a file: `protocol` or `library`.
pub(crate) enum FileHead<'t> {
    Protocol(&'t Head),
    Library,
}

/// Finds the head and reports a second or a missing one.
pub(crate) fn head<'t>(module: &'t Module, sink: &mut Sink) -> Option<FileHead<'t>> {
    let mut found: Option<(FileHead<'t>, lind_diagnostics::Span)> = None;
    for item in &module.tree.items {
        let (head, span) = match item {
            Item::Protocol(head) => (FileHead::Protocol(head), head.span),
            Item::Library(head) => (FileHead::Library, head.span),
            _ => continue,
        };
        match &found {
            None => found = Some((head, span)),
            Some((_, first)) => sink.push(
                Diagnostic::new(
                    &rules::E0512_MISSING_HEAD,
                    span,
                    "this file already has a head",
                )
                .label("second head")
                .also(*first, "first head")
                .note("one file holds one protocol or one library"),
            ),
        }
    }
    let broken = module
        .tree
        .items
        .iter()
        .any(|item| matches!(item, Item::Broken(_)));
    if found.is_none() && !broken {
        let place = lind_diagnostics::Span::new(module.file, 0, 0);
        sink.push(
            Diagnostic::new(
                &rules::E0512_MISSING_HEAD,
                place,
                "this file does not say which protocol it is",
            )
            .label("expected `protocol` and a registry number here")
            .suggest("write a head", place, "protocol NCT00000000\n\n"),
        );
    }
    found.map(|(head, _)| head)
}
