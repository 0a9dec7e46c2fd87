//! Loading: the root file and, through `use`, every module that it needs.

use lind_diagnostics::{Diagnostic, FileId, Files, Sink, closest};
use lind_syntax::tree::{Head, Item, Name, Tree};

use crate::library::{STANDARD_MODULES, module_declaring, standard_module};
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

/// Parses the root and everything it uses. The root is the first module.
pub(crate) fn load(
    files: &mut Files,
    root: FileId,
    loader: &mut dyn Loader,
    sink: &mut Sink,
) -> Vec<Module> {
    let mut modules = vec![parse(files, root, None, sink)];
    let mut next = 0;
    while let Some(module) = modules.get(next) {
        let from = files.name(module.file).to_owned();
        let wanted: Vec<(Name, Vec<String>)> = module.tree.items.iter().filter_map(used).collect();
        let mut uses = Vec::with_capacity(wanted.len());
        for (name, taken) in wanted {
            if let Some(known) = modules
                .iter()
                .position(|module| module.path.as_deref() == Some(name.text.as_str()))
            {
                uses.push(Some(known));
                continue;
            }
            let loaded = match standard_module(&name.text) {
                Some((file, text)) => Ok((file.to_owned(), text.to_owned())),
                None if name.text.starts_with("std.") => {
                    Err("the standard library has no such module".to_owned())
                }
                None => loader.load(&name.text, &from),
            };
            match loaded {
                Ok((file_name, text)) => {
                    let file = files.add(file_name, text);
                    modules.push(parse(files, file, Some(name.text), sink));
                    uses.push(Some(modules.len() - 1));
                }
                Err(why) => {
                    let mut diagnostic = Diagnostic::new(
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
                    if let Some(near) = meant {
                        diagnostic = diagnostic.suggest(format!("use `{near}`"), name.span, near);
                    }
                    sink.push(diagnostic);
                    uses.push(None);
                }
            }
        }
        if let Some(module) = modules.get_mut(next) {
            module.uses = uses;
        }
        next += 1;
    }
    modules
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
