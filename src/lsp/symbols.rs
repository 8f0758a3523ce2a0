//! The blocks of documents as symbols and as parts to fold.

use std::ops::Range;

use gen_lsp_types::{
    BaseSymbolInformation, DocumentSymbol, FoldingRange, FoldingRangeKind, Location,
    SymbolInformation, SymbolKind,
};

use super::document::FeatureDocument;
use super::outline::{FoldKind, OutlineBlock, OutlineKind};
use super::places::SourcePlaces;
use super::project::OpenProject;
use super::text::ColumnUnit;

/// The limit of symbols of a workspace in one answer.
const MOST_SYMBOLS: usize = 1000;

/// The blocks of a document, nested.
pub fn document_symbols(document: &FeatureDocument, unit: ColumnUnit) -> Vec<DocumentSymbol> {
    let feature = document.facts.outline.feature.iter();
    feature
        .map(|block| document_symbol(document, block, unit))
        .collect()
}

fn document_symbol(
    document: &FeatureDocument,
    block: &OutlineBlock,
    unit: ColumnUnit,
) -> DocumentSymbol {
    let children = block.children.iter();
    let children: Vec<DocumentSymbol> = children
        .map(|child| document_symbol(document, child, unit))
        .collect();
    let text = &document.text;
    let mut symbol = DocumentSymbol::new(
        title(block),
        Some(block.keyword.clone()),
        kind(block.kind),
        None,
        None,
        text.range(bytes_of(document, block), unit),
        text.range(text.gherkin_line(block.heading), unit),
        None,
    );
    symbol.children = (!children.is_empty()).then_some(children);
    symbol
}

/// The same in one list, for clients that know no nested symbols.
pub fn flat_symbols(document: &FeatureDocument, unit: ColumnUnit) -> Vec<SymbolInformation> {
    let mut all = Vec::new();
    if let Some(block) = &document.facts.outline.feature {
        add_flat(document, block, None, unit, &mut all);
    }
    all
}

fn add_flat(
    document: &FeatureDocument,
    block: &OutlineBlock,
    container: Option<&str>,
    unit: ColumnUnit,
    all: &mut Vec<SymbolInformation>,
) {
    let bytes = bytes_of(document, block);
    let location = Location {
        uri: document.uri.clone(),
        range: document.text.range(bytes, unit),
    };
    all.push(symbol(title(block), kind(block.kind), container, location));
    for child in &block.children {
        add_flat(document, child, Some(&block.name), unit, all);
    }
}

fn symbol(
    name: String,
    kind: SymbolKind,
    container: Option<&str>,
    location: Location,
) -> SymbolInformation {
    let base = BaseSymbolInformation {
        name,
        kind,
        tags: None,
        container_name: container.map(str::to_owned),
    };
    SymbolInformation::new(None, location, base)
}

/// The features, rules and scenarios of a project whose titles have the words of a question, and its step definitions.
pub fn workspace_symbols(
    project: &OpenProject,
    question: &str,
    unit: ColumnUnit,
) -> Vec<SymbolInformation> {
    let words: Vec<String> = question.split_whitespace().map(str::to_lowercase).collect();
    let fits = |text: &str| {
        let text = text.to_lowercase();
        words.iter().all(|word| text.contains(word))
    };
    let mut all = Vec::new();
    for document in project.documents.values() {
        let mut of_document = flat_symbols(document, unit);
        of_document.retain(|one| fits(&one.base_symbol_information.name));
        all.append(&mut of_document);
    }
    if let Some(definitions) = &project.definitions {
        let places = SourcePlaces::new(project.root());
        for shown in definitions.shown().iter().filter(|one| fits(&one.pattern)) {
            let location = Location {
                uri: places.uri(&shown.location),
                range: places.line(&shown.location),
            };
            let name = shown.pattern.clone();
            all.push(symbol(
                name,
                SymbolKind::Function,
                Some(&shown.location.file),
                location,
            ));
        }
    }
    all.truncate(MOST_SYMBOLS);
    all
}

/// The parts of a document to fold.
pub fn folding_ranges(document: &FeatureDocument, unit: ColumnUnit) -> Vec<FoldingRange> {
    let line = |line: u32| {
        let start = document.text.gherkin_line_start(line);
        document.text.position(start, unit).line
    };
    let folds = document.facts.outline.folds.iter();
    let mut all: Vec<FoldingRange> = folds
        .map(|(first, last, kind)| FoldingRange {
            start_line: line(*first),
            end_line: line(*last),
            kind: match kind {
                FoldKind::Comment => Some(FoldingRangeKind::Comment),
                FoldKind::Part => None,
            },
            ..FoldingRange::default()
        })
        .collect();
    all.sort_by_key(|fold| (fold.start_line, std::cmp::Reverse(fold.end_line)));
    all
}

/// The lines of a block, tags included.
fn bytes_of(document: &FeatureDocument, block: &OutlineBlock) -> Range<usize> {
    let start = document.text.gherkin_line_start(block.first);
    start..document.text.gherkin_line(block.last).end.max(start)
}

/// The title of a block; a client shows no symbol without a name.
fn title(block: &OutlineBlock) -> String {
    match (block.name.is_empty(), block.keyword.is_empty()) {
        (false, _) => block.name.clone(),
        (true, false) => block.keyword.clone(),
        (true, true) => "Feature".to_owned(),
    }
}

fn kind(kind: OutlineKind) -> SymbolKind {
    match kind {
        OutlineKind::Feature => SymbolKind::Module,
        OutlineKind::Rule => SymbolKind::Namespace,
        OutlineKind::Background => SymbolKind::Constructor,
        OutlineKind::Scenario => SymbolKind::Method,
        OutlineKind::Examples => SymbolKind::Array,
    }
}
